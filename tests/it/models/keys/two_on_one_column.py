import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class A(Base):
    __tablename__ = "a"
    id = sa.Column(sa.Integer, primary_key=True)


class B(Base):
    __tablename__ = "b"
    id = sa.Column(sa.ForeignKey("a.id"), sa.ForeignKey("c.id", ondelete="CASCADE"), primary_key=True)


class C(Base):
    __tablename__ = "c"
    id = sa.Column(sa.Integer, primary_key=True)
