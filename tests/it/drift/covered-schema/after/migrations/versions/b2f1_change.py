"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.execute("CREATE SCHEMA sales")
    op.create_table(
        "coupons",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(length=12), nullable=False, unique=True),
        sa.Column("customer_id", sa.Integer(), sa.ForeignKey("customers.id"), index=True),
        schema="sales",
    )


def downgrade() -> None:
    pass
