"""keep emails in lower case

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
    op.execute(
        """
        CREATE FUNCTION lower_email() RETURNS trigger AS $body$
        BEGIN
            NEW.email := lower(NEW.email);
            RETURN NEW;
        END;
        $body$ LANGUAGE plpgsql
        """
    )
    op.execute(
        """
        CREATE TRIGGER lower_email BEFORE INSERT OR UPDATE ON users
        FOR EACH ROW EXECUTE FUNCTION lower_email()
        """
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.execute("DROP TRIGGER lower_email ON users")
    op.execute("DROP FUNCTION lower_email()")
