import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class A(Base):
    __tablename__ = "a"
    id = sa.Column(sa.Integer, primary_key=True)


class B(Base):
    __tablename__ = "b"
    id = sa.Column(sa.SmallInteger, primary_key=True)


class C(Base):
    __tablename__ = "c"
    id = sa.Column(sa.BigInteger, primary_key=True, autoincrement=False)


class D(Base):
    __tablename__ = "d"
    id = sa.Column(sa.Integer, sa.ForeignKey("a.id"), primary_key=True)


class E(Base):
    __tablename__ = "e"
    id = sa.Column(sa.Integer, primary_key=True, server_default="7")


class F(Base):
    __tablename__ = "f"
    id = sa.Column(sa.String, primary_key=True)
