"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.alter_column("customers", "name", type_=sa.Text())
    op.alter_column("orders", "status", nullable=True)


def downgrade() -> None:
    pass
