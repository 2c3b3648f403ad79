"""add payments"""
from alembic import op
import sqlalchemy as sa

revision: str = "b2f1"
down_revision = "a1c0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("payments", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "payments")
