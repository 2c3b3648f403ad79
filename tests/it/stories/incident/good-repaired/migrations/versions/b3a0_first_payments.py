"""carry over the first payments

Revision ID: b3a0
Revises: b2f1
Create Date: 2026-03-03 09:17:41.218903

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'b3a0'
down_revision: Union[str, Sequence[str], None] = 'b2f1'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("INSERT INTO users (email) VALUES ('ann@example.org')")
    op.execute(
        "INSERT INTO payments (user_id, amount, currency, status) SELECT id, 10, 'EUR', 'paid' FROM users"
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.execute('DELETE FROM payments')
