"""create users

Revision ID: a1c0
Revises: 
Create Date: 2026-03-02 09:10:41.218903

"""
from typing import Sequence, Union

import random

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'a1c0'
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        'users',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('email', sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint('id')
    )
    op.execute(random.choice(['SELECT 1', 'SELECT 2']))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table('users')
