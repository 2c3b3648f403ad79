"""fewer constraints

Revision ID: c9d4
Revises: b2f1
Create Date: 2026-03-04 09:24:41.218903

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'c9d4'
down_revision: Union[str, Sequence[str], None] = 'b2f1'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.drop_constraint('orders_user_id_fkey', 'orders', type_='foreignkey')
    op.drop_constraint('orders_pkey', 'orders', type_='primary')
    op.drop_constraint('users_email_key', 'users', type_='unique')
    op.drop_constraint('users_email_check', 'users', type_='check')


def downgrade() -> None:
    """Downgrade schema."""
    op.create_check_constraint('users_email_check', 'users', "email <> ''")
    op.create_unique_constraint(None, 'users', ['email'])
    op.create_primary_key(None, 'orders', ['id'])
    op.create_foreign_key(None, 'orders', 'users', ['user_id'], ['id'])
