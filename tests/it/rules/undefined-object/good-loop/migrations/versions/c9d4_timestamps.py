"""say when rows were made

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

TABLES = ('users', 'payments')


def upgrade() -> None:
    """Upgrade schema."""
    for table in TABLES:
        op.add_column(table, sa.Column('created_at', sa.DateTime(), nullable=True))
        op.create_index(f'ix_{table}_created_at', table, ['created_at'])


def downgrade() -> None:
    """Downgrade schema."""
    for table in TABLES:
        op.drop_index(f'ix_{table}_created_at', table_name=table)
        op.drop_column(table, 'created_at')
