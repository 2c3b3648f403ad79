import sqlalchemy as sa
from sqlalchemy import Computed, FetchedValue, Identity, Sequence
from sqlalchemy.orm import Mapped, declarative_base, mapped_column

Base = declarative_base()
numbers = Sequence("number_seq", start=100)
with_metadata = Sequence("other_seq", metadata=Base.metadata)


class A(Base):
    __tablename__ = "a"
    id = sa.Column(sa.Integer, Identity(), primary_key=True)
    b = sa.Column(sa.BigInteger, Identity(always=True, start=5))


class B(Base):
    __tablename__ = "b"
    id: Mapped[int] = mapped_column(sa.BigInteger, Identity(always=True, start=1, increment=2), primary_key=True)


class C(Base):
    __tablename__ = "c"
    id = sa.Column(sa.Integer, numbers, primary_key=True)
    x = sa.Column(sa.Integer, server_default=numbers.next_value())
    y = sa.Column(sa.Integer, with_metadata)
    z = sa.Column("zed", sa.Integer, Sequence("z_seq"), nullable=False)


class D(Base):
    __tablename__ = "d"
    id = sa.Column(sa.Integer, primary_key=True)
    width = sa.Column(sa.Integer)
    area = sa.Column(sa.Integer, Computed("width * width", persisted=True))
    half: Mapped[int] = mapped_column(Computed("width / 2", persisted=True))
    doubled = sa.Column("twice", sa.Integer, Computed(width * 2, persisted=True), nullable=False, index=True)
