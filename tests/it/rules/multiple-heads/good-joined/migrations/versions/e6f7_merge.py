"""merge heads"""
from alembic import op
import sqlalchemy as sa

revision: str = "e6f7"
down_revision = ("b2f1", "c9d4")
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
