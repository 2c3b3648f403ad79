"""a change"""
import sqlalchemy as sa
from alembic import op

from shop.models import Coupon

revision = "b2f1"
down_revision = "a1c0"


def upgrade() -> None:
    Coupon.__table__.create(op.get_bind())


def downgrade() -> None:
    pass
