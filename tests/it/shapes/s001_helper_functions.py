"""helper functions"""
import sqlalchemy as sa
from alembic import op

revision = "s001"
down_revision = "s000"
branch_labels = None
depends_on = None


def stamps():
    return [
        sa.Column("created_at", sa.DateTime(), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime()),
    ]


def make(name, *columns):
    op.create_table(name, sa.Column("id", sa.Integer(), primary_key=True), *columns, *stamps())


def upgrade():
    make("teams", sa.Column("name", sa.String(80), unique=True))
    make("members", sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id")))


def downgrade():
    for name in ("members", "teams"):
        op.drop_table(name)
