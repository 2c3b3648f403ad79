"""create payments again

Revision ID: c9d4
Revises: b2f1
Create Date: 2026-03-04 09:24:41.218903

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision: str = 'c9d4'
down_revision: Union[str, Sequence[str], None] = 'b2f1'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    postgresql.ENUM("pending", "paid", name="payment_status").create(op.get_bind())
    op.create_table(
        'payments',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column('status', postgresql.ENUM('pending', 'paid', name='payment_status', create_type=False), nullable=False),
        sa.PrimaryKeyConstraint('id')
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table('payments')
    sa.Enum(name='payment_status').drop(op.get_bind())
