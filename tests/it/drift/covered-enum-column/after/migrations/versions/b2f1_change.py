"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    state = sa.Enum("NEW", "SENT", name="state")
    state.create(op.get_bind())
    op.add_column("orders", sa.Column("state", state, server_default="NEW", nullable=False))


def downgrade() -> None:
    pass
