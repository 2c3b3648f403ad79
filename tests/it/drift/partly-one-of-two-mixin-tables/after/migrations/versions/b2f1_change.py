"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.add_column("orders", sa.Column("updated_at", sa.DateTime()))


def downgrade() -> None:
    pass
