"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.create_table("extra_one", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("other", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    pass
