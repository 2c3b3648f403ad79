"""entities"""
import sqlalchemy as sa
from alembic import op
from alembic_utils.pg_view import PGView
from sqlalchemy.dialects import postgresql

revision = "s009"
down_revision = "s008"
branch_labels = None
depends_on = None

view = PGView(schema="public", signature="active_users", definition="SELECT id FROM users WHERE active")


def upgrade():
    op.create_entity(view)
    op.sync_enum_values("public", "status", ["new", "paid", "void"], [("payments", "status")])
    op.add_column("payments", sa.Column("tags", postgresql.ARRAY(sa.String(20)), server_default="{}"))
    op.alter_column("payments", "amount", existing_type=sa.Float(), type_=sa.Numeric(10, 2), nullable=False)
    op.create_foreign_key(None, "payments", "users", ["user_id"], ["id"], ondelete="CASCADE")
    op.rename_table("payments", "charges")


def downgrade():
    op.rename_table("charges", "payments")
    op.drop_constraint("payments_user_id_fkey", "payments", type_="foreignkey")
    op.drop_column("payments", "tags")
    op.drop_entity(view)
