"""what may be there already

Revision ID: b2f1
Revises: a1c0
Create Date: 2026-03-03 09:17:41.218903

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'b2f1'
down_revision: Union[str, Sequence[str], None] = 'a1c0'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), if_not_exists=True)
    op.create_index('ix_users_email', 'users', ['email'], if_not_exists=True)
    op.add_column('users', sa.Column('email', sa.String(length=255), nullable=True), if_not_exists=True)
    op.execute("ALTER TABLE users ADD COLUMN IF NOT EXISTS email text")
    op.execute("CREATE TABLE IF NOT EXISTS users (id integer)")


def downgrade() -> None:
    """Downgrade schema."""
    pass
