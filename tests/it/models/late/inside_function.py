import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


def define():
    class Inner(Base):
        __tablename__ = "inner_one"
        id = sa.Column(sa.Integer, primary_key=True)

    return Inner


def never_called():
    class Other(Base):
        __tablename__ = "never"
        id = sa.Column(sa.Integer, primary_key=True)


Inner = define()


class Outer:
    class Nested(Base):
        __tablename__ = "nested"
        id = sa.Column(sa.Integer, primary_key=True)
