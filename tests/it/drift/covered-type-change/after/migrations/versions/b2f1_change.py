"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.alter_column("customers", "name", existing_type=sa.String(length=80), type_=sa.String(length=120), existing_nullable=False)


def downgrade() -> None:
    pass
