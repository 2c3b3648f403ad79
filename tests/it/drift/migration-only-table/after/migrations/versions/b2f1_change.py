"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.create_table("extra", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("x", sa.Text(), index=True))


def downgrade() -> None:
    pass
