"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.create_index("ix_late", "customers", ["name"])
    op.drop_index("ix_products_title", table_name="products")


def downgrade() -> None:
    pass
