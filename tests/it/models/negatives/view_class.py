import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Totals(Base):
    """Is a view, but nobody tells SQLAlchemy."""

    __tablename__ = "totals_view"
    __table_args__ = {"info": {"is_view": True}}
    id = sa.Column(sa.Integer, primary_key=True)
    total = sa.Column(sa.Numeric)
