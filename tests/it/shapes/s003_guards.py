"""guards"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy import inspect

revision = "s003"
down_revision = "s002"
branch_labels = None
depends_on = None


def has_column(table, column):
    inspector = inspect(op.get_bind())
    return column in [c["name"] for c in inspector.get_columns(table)]


def upgrade():
    bind = op.get_bind()
    if not inspect(bind).has_table("audit"):
        op.create_table("audit", sa.Column("id", sa.BigInteger(), primary_key=True))
    if not has_column("audit", "actor"):
        op.add_column("audit", sa.Column("actor", sa.String(50)))
    exists = bind.execute(sa.text("SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'level')")).scalar()
    if not exists:
        op.execute("CREATE TYPE level AS ENUM ('low', 'high')")
    try:
        op.drop_index("ix_audit_actor", table_name="audit")
    except Exception:
        pass


def downgrade():
    op.execute("DROP TABLE IF EXISTS audit")
