"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.drop_constraint("customers_email_key", "customers")
    with op.batch_alter_table("products") as batch_op:
        batch_op.drop_constraint("uq_products_title_maker", type_="unique")
        batch_op.create_unique_constraint("uq_products", ["title", "maker"])


def downgrade() -> None:
    pass
