"""change alter type if exists

Revision ID: b2f1
Revises: a1c0
Create Date: 2026-03-03 09:17:41.218903

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'b2f1'
down_revision: Union[str, Sequence[str], None] = 'a1c0'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("""
        DO $$ BEGIN
            ALTER TYPE payment_status ADD VALUE 'refunded';
        EXCEPTION
            WHEN undefined_object THEN NULL;
        END $$
    """)


def downgrade() -> None:
    """Downgrade schema."""
    op.execute("ALTER TYPE payment_status RENAME TO payment_status_old")
    op.execute("CREATE TYPE payment_status AS ENUM ('pending', 'paid')")
    op.execute(
        "ALTER TABLE payments ALTER COLUMN status TYPE payment_status USING status::text::payment_status"
    )
    op.execute("DROP TYPE payment_status_old")
