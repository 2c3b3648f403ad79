"""heroes"""
from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = "a1c0"
down_revision = None


def upgrade():
    op.create_table(
        "hero",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_hero_name"), "hero", ["name"], unique=False)


def downgrade():
    op.drop_table("hero")
