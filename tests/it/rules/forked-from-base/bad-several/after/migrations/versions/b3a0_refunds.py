"""add refunds"""
from alembic import op
import sqlalchemy as sa

revision: str = "b3a0"
down_revision = "b2f1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("refunds", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "refunds")
