"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def add_phone(table_name):
    op.add_column(table_name, sa.Column("phone", sa.String(length=30)))


def upgrade() -> None:
    add_phone("customers")
    add_phone("orders")


def downgrade() -> None:
    pass
