"""add a"""
from alembic import op
import sqlalchemy as sa

revision: str = "a1"
down_revision = ("z0", "c1")
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("a", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "a")
