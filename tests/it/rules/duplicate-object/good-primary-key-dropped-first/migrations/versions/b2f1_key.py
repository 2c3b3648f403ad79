"""identify users by email

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
    op.drop_constraint("users_pkey", "users", type_="primary")
    op.create_primary_key('pk_users', 'users', ['email'])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_constraint('pk_users', 'users', type_='primary')
    op.create_primary_key('users_pkey', 'users', ['id'])
