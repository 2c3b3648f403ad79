"""merge tags

Revision ID: e6f7
Revises: b2f1, c9d4
Create Date: 2026-03-06 09:38:41.218903

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'e6f7'
down_revision: Union[str, Sequence[str], None] = ('b2f1', 'c9d4')
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    pass


def downgrade() -> None:
    """Downgrade schema."""
    pass
