"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.alter_column("products", "barcode", comment="as scanned", existing_comment="as printed", existing_type=sa.String(13))
    op.execute("COMMENT ON TABLE products IS 'what we sell'")


def downgrade() -> None:
    pass
