"""a sample of every type

Revision ID: a1c0
Revises: 
Create Date: 2026-03-02 09:10:41.218903

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'a1c0'
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

CASTS = [
    ('smallint', 'integer'),
    ('bigint', 'integer'),
    ('numeric', 'integer'),
    ('double precision', 'real'),
    ('boolean', 'text'),
    ('bytea', 'text'),
    ('uuid', 'varchar(36)'),
    ('inet', 'text'),
    ('jsonb', 'text'),
    ('json', 'jsonb'),
    ('date', 'timestamptz'),
    ('timestamp', 'date'),
    ('timestamptz', 'time'),
    ('time', 'interval'),
    ('interval', 'time'),
    ('text[]', 'varchar[]'),
    ('integer[]', 'text[]'),
    ('text', 'char(10)'),
]


def upgrade() -> None:
    """Upgrade schema."""
    op.execute('CREATE TABLE samples (id serial PRIMARY KEY)')
    for number, (before, after) in enumerate(CASTS):
        op.execute(f'ALTER TABLE samples ADD COLUMN c{number} {before}')
        op.execute(f'ALTER TABLE samples ALTER COLUMN c{number} TYPE {after}')


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table('samples')
