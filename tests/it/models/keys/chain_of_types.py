import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class A(Base):
    __tablename__ = "a"
    id = sa.Column(sa.ForeignKey("b.id"), primary_key=True)


class B(Base):
    __tablename__ = "b"
    id = sa.Column(sa.ForeignKey("c.id"), primary_key=True)


class C(Base):
    __tablename__ = "c"
    id = sa.Column(UUID(as_uuid=True), primary_key=True)
    number = sa.Column("nr", sa.Numeric(4, 1), unique=True)


class D(Base):
    __tablename__ = "d"
    id = sa.Column(sa.Integer, primary_key=True)
    number = sa.Column(sa.ForeignKey("c.nr"))
    a_id = sa.Column(sa.ForeignKey(A.id))
