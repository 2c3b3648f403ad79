"""several databases"""
import sqlalchemy as sa
from alembic import op

revision = "s008"
down_revision = "s007"
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_main():
    op.add_column("users", sa.Column("email", sa.String(255)))


def downgrade_main():
    op.drop_column("users", "email")


def upgrade_stats():
    op.create_table("hits", sa.Column("day", sa.Date(), primary_key=True))


def downgrade_stats():
    op.drop_table("hits")
