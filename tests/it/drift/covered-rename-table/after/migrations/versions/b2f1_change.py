"""a change"""
import sqlalchemy as sa
from alembic import op

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    op.rename_table("products", "articles")
    op.execute("ALTER INDEX ix_products_title RENAME TO ix_articles_title")


def downgrade() -> None:
    pass
