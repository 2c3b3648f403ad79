"""merge payments and grants

Revision ID: e6f7
Revises: c9d4, b2f1
Create Date: 2026-03-06 09:38:41.218903

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'e6f7'
down_revision: Union[str, Sequence[str], None] = ('c9d4', 'b2f1')
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    pass


def downgrade() -> None:
    """Downgrade schema."""
    pass
