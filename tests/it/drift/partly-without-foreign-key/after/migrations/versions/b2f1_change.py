"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD product_id integer")


def downgrade() -> None:
    pass
