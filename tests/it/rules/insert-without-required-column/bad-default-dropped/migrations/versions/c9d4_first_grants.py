"""the first grants

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
    op.execute("INSERT INTO grants (name) VALUES ('read')")


def downgrade() -> None:
    """Downgrade schema."""
    op.execute('DELETE FROM grants')
