"""change the type of kind

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
    op.execute("CREATE TYPE new_kind AS ENUM ('a', 'b', 'c')")
    op.alter_column(
        'things',
        'kind',
        existing_type=sa.String(length=20),
        type_=sa.Enum('a', 'b', 'c', name='new_kind'),
        postgresql_using='kind::new_kind'
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.alter_column(
        'things',
        'kind',
        existing_type=sa.Enum('a', 'b', 'c', name='new_kind'),
        type_=sa.String(length=20)
    )
    op.execute('DROP TYPE new_kind')
