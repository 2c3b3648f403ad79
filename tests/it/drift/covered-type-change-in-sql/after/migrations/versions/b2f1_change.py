"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.execute("ALTER TABLE products ALTER COLUMN stock TYPE bigint USING stock::bigint")


def downgrade() -> None:
    pass
