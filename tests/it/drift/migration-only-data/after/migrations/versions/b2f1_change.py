"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.execute("UPDATE customers SET name = email")
    op.bulk_insert(sa.table("products", sa.column("title"), sa.column("price")), [{"title": "a", "price": 1}])


def downgrade() -> None:
    pass
