"""create users"""
from alembic import op
import sqlalchemy as sa

revision: str = "a1c0"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("users")


def downgrade() -> None:
    op.drop_table("users")
