"""start zero"""
from alembic import op
import sqlalchemy as sa

revision: str = "z0"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("zero", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "zero")
