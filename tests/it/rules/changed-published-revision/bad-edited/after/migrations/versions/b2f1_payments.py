"""add payments"""
from alembic import op
import sqlalchemy as sa

revision: str = "b2f1"
down_revision = "a1c0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("payments")


def downgrade() -> None:
    op.drop_table("payments")
