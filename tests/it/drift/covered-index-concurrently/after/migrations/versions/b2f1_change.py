"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_products_barcode", "products", ["barcode"], postgresql_concurrently=True)


def downgrade() -> None:
    pass
