"""classes"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import declarative_base

revision = "s007"
down_revision = "s006"
branch_labels = None
depends_on = None

Base = declarative_base()


class Label(Base):
    __tablename__ = "labels"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(64), nullable=False, index=True)


def upgrade():
    Base.metadata.create_all(bind=op.get_bind(), tables=[Label.__table__])
    op.create_check_constraint(op.f("ck_labels_name"), "labels", sa.column("name") != "")


def downgrade():
    Label.__table__.drop(bind=op.get_bind())
