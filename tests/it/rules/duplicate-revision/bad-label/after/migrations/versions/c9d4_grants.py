"""add grants"""
from alembic import op
import sqlalchemy as sa

revision: str = "c9d4"
down_revision = "b2f1"
branch_labels = ("x",)
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("grants", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "grants")
