import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class A(Base):
    __tablename__ = "a"
    id = sa.Column(sa.Integer, primary_key=True)


class Between:
    note = sa.Column(sa.Text)
    word = "x"


class B(Between, A):
    __tablename__ = "b"
    id = sa.Column(sa.ForeignKey("a.id"), primary_key=True)


class C(A):
    """Nothing of its own."""
