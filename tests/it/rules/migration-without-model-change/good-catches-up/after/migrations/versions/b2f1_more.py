"""more about roles

Revision ID: b2f1
Revises: a1c0
Create Date: 2026-03-09 11:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("user_roles", sa.Column("assigned_at", sa.DateTime(), server_default=sa.func.now(), nullable=False))


def downgrade():
    op.drop_column("user_roles", "assigned_at")
