"""add roles"""
from alembic import op
import sqlalchemy as sa

revision: str = "d0e5"
down_revision = "c9d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("roles", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "roles")
