"""add b"""
from alembic import op
import sqlalchemy as sa

revision: str = "b1"
down_revision = "a1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("b", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "b")
