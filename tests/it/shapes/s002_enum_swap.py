"""enum swap"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "s002"
down_revision = "s001"
branch_labels = None
depends_on = None

old = sa.Enum("new", "paid", name="status")
new = sa.Enum("new", "paid", "refunded", name="status")
tmp = sa.Enum("new", "paid", "refunded", name="_status")


def upgrade():
    tmp.create(op.get_bind(), checkfirst=False)
    op.execute("ALTER TABLE payments ALTER COLUMN status TYPE _status USING status::text::_status")
    old.drop(op.get_bind(), checkfirst=False)
    new.create(op.get_bind(), checkfirst=False)
    op.execute("ALTER TABLE payments ALTER COLUMN status TYPE status USING status::text::status")
    tmp.drop(op.get_bind(), checkfirst=False)


def downgrade():
    with op.batch_alter_table("payments") as batch_op:
        batch_op.alter_column("status", type_=sa.Text(), existing_type=postgresql.ENUM(name="status"))
    op.execute("DROP TYPE status")
    op.execute("CREATE TYPE status AS ENUM ('new', 'paid')")
    op.alter_column("payments", "status", type_=old, postgresql_using="status::status")
