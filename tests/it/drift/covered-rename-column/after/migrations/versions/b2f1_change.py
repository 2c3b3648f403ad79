"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.alter_column("customers", "name", new_column_name="full_name")


def downgrade() -> None:
    pass
