import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Root:
    a = sa.Column(sa.Integer)
    b = sa.Column(sa.String(1))


class Left(Root):
    b = sa.Column(sa.String(2))
    c = sa.Column(sa.String(2))


class Right(Root):
    b = sa.Column(sa.String(3))
    c = sa.Column(sa.String(3))


class Bottom(Left, Right, Base):
    __tablename__ = "bottom"
    id = sa.Column(sa.Integer, primary_key=True)


class Swapped(Right, Left, Base):
    __tablename__ = "swapped"
    id = sa.Column(sa.Integer, primary_key=True)
