"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.add_column("customers", sa.Column("phone", sa.String(length=30), nullable=True))


def downgrade() -> None:
    pass
