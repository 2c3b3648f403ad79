"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    for table in ("customers", "orders"):
        op.add_column(table, sa.Column("updated_at", sa.DateTime(), nullable=True))
        op.create_index(op.f(f"ix_{table}_updated_at"), table, ["updated_at"])


def downgrade() -> None:
    pass
