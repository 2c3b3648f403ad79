"""create refunds

Revision ID: b2f1
Revises: a1c0
Create Date: 2026-03-03 09:17:41.218903

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision: str = 'b2f1'
down_revision: Union[str, Sequence[str], None] = 'a1c0'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    postgresql.ENUM('pending', 'paid', name="payment_status").create(op.get_bind(), checkfirst=True)
    op.execute("CREATE TABLE refunds (id serial PRIMARY KEY, status payment_status NOT NULL)")


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table('refunds')
