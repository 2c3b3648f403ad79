"""create grants

Revision ID: c9d4
Revises: a1c0
Create Date: 2026-03-04 09:24:41.218903

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'c9d4'
down_revision: Union[str, Sequence[str], None] = 'a1c0'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("CREATE TYPE IF NOT EXISTS grant_level AS ENUM ('read', 'write')")
    op.execute(
        """
        CREATE TABLE grants (
            id serial PRIMARY KEY,
            user_id integer NOT NULL REFERENCES users (id),
            level grant_level NOT NULL
        )
        """
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table('grants')
    op.execute('DROP TYPE grant_level')
