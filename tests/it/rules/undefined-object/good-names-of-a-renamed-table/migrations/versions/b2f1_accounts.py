"""call users accounts

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
    op.rename_table('users', 'accounts')
    op.drop_constraint('users_email_key', 'accounts', type_='unique')
    op.drop_index('ix_users_email', table_name='accounts')
    op.execute("ALTER SEQUENCE users_id_seq RENAME TO accounts_id_seq")
    op.execute("ALTER INDEX users_pkey RENAME TO accounts_pkey")


def downgrade() -> None:
    """Downgrade schema."""
    op.execute("ALTER INDEX accounts_pkey RENAME TO users_pkey")
    op.execute("ALTER SEQUENCE accounts_id_seq RENAME TO users_id_seq")
    op.create_index('ix_users_email', 'accounts', ['email'])
    op.create_unique_constraint('users_email_key', 'accounts', ['email'])
    op.rename_table('accounts', 'users')
