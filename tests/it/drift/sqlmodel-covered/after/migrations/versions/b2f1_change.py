"""a change"""
import sqlalchemy as sa
from alembic import op
import sqlmodel

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.add_column("hero", sa.Column("power", sqlmodel.sql.sqltypes.AutoString(length=9), nullable=True))
    op.create_unique_constraint(None, "hero", ["power"])


def downgrade() -> None:
    pass
