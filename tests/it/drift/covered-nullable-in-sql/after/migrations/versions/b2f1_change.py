"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.execute(sa.text("UPDATE customers SET note = '' WHERE note IS NULL"))
    op.execute(sa.text("ALTER TABLE customers ALTER note SET NOT NULL"))


def downgrade() -> None:
    pass
