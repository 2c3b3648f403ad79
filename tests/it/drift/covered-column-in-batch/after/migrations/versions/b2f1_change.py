"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=30), nullable=True))


def downgrade() -> None:
    pass
