"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.drop_column("products", "barcode")


def downgrade() -> None:
    pass
