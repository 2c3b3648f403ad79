"""loop over tables"""
import sqlalchemy as sa
from alembic import op

revision = "s000"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ["orders", "refunds"]
COLUMNS = {"created_at": sa.DateTime(timezone=True), "note": sa.Text()}


def upgrade():
    for table in TABLES:
        for name, type_ in COLUMNS.items():
            op.add_column(table, sa.Column(name, type_))
        op.create_index(f"ix_{table}_created_at", table, ["created_at"])
    op.execute("UPDATE %s SET note = ''" % TABLES[0])


def downgrade():
    for table in reversed(TABLES):
        op.drop_index("ix_{}_created_at".format(table), table_name=table)
        for name in COLUMNS:
            op.drop_column(table, name)
