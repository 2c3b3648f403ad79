"""nobody is born in the future

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
    op.create_check_constraint('ck_users_born', 'users', 'born < current_date')


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_constraint('ck_users_born', 'users', type_='check')
