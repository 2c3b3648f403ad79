"""a column"""
import sqlalchemy as sa
from alembic import op

revision = "a1c0"
down_revision = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("note", sa.Text()))
    op.alter_column("orders", "status", type_=sa.String(20))


def downgrade() -> None:
    pass
