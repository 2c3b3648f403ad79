"""drop what an old release made

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
    op.drop_table('legacy_users', if_exists=True)
    op.drop_index('ix_users_login', table_name='users', if_exists=True)
    op.drop_column('users', 'nick', if_exists=True)
    op.drop_constraint('uq_users_nick', 'users', type_='unique', if_exists=True)
    op.execute('DROP TYPE IF EXISTS legacy_role')
    op.execute('DROP VIEW IF EXISTS legacy_members')


def downgrade() -> None:
    """Downgrade schema."""
    pass
