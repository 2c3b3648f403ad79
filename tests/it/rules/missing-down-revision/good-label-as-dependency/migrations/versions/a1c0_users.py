"""create users"""
from alembic import op
import sqlalchemy as sa

revision: str = "a1c0"
down_revision = None
branch_labels = "core"
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("users", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "users")
