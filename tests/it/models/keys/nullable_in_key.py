import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Odd(Base):
    __tablename__ = "odd"

    a = sa.Column(sa.Integer, primary_key=True)
    b = sa.Column(sa.Integer, sa.ForeignKey("odd.a"), nullable=True, comment="x")
    __table_args__ = (sa.UniqueConstraint("a", "b"),)
