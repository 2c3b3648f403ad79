"""add d"""
from alembic import op
import sqlalchemy as sa

revision: str = "d1"
down_revision = "c1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("d", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "d")
