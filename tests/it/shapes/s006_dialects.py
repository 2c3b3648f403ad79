"""dialects"""
import sqlalchemy as sa
import alembic.op as operations
from alembic.op import create_table, drop_table

revision = "s006"
down_revision = "s005"
branch_labels = None
depends_on = None


def upgrade():
    dialect = operations.get_context().dialect.name
    data = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
    create_table("events", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("data", data))
    if dialect == "postgresql":
        operations.execute("CREATE INDEX ix_events_data ON events USING gin (data)")
    elif dialect == "sqlite":
        operations.execute("PRAGMA foreign_keys = ON")


def downgrade():
    drop_table("events")
