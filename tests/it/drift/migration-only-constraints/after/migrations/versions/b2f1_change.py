"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.drop_constraint("orders_customer_id_fkey", "orders")
    op.create_unique_constraint("uq_late", "orders", ["status", "sent_on"])


def downgrade() -> None:
    pass
