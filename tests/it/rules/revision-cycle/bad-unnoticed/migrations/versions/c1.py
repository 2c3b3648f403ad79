"""add c"""
from alembic import op
import sqlalchemy as sa

revision: str = "c1"
down_revision = "b1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("c", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "c")
