"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE coupons (
            id SERIAL PRIMARY KEY,
            code VARCHAR(12) NOT NULL UNIQUE,
            customer_id INTEGER REFERENCES customers (id)
        );
        CREATE INDEX ix_coupons_customer_id ON coupons (customer_id);
        """
    )


def downgrade() -> None:
    pass
