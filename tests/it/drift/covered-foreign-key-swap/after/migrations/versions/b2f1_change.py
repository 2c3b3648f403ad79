"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.drop_constraint("orders_customer_id_fkey", "orders", type_="foreignkey")
    op.create_foreign_key(None, "orders", "customers", ["customer_id"], ["id"], ondelete="RESTRICT")


def downgrade() -> None:
    pass
