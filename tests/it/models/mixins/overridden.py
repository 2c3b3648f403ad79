import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declarative_base, declared_attr, mapped_column

Base = declarative_base()


class Mixin:
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(10))
    size: Mapped[int]
    gone = sa.Column(sa.Integer)

    @declared_attr
    def kind(cls):
        return sa.Column(sa.String(cls.KIND), nullable=cls.KIND > 5)


class A(Mixin, Base):
    __tablename__ = "a"
    KIND = 4
    name = sa.Column(sa.String(20), nullable=False)


class B(Mixin, Base):
    __tablename__ = "b"
    KIND = 8
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    gone = None


class C(Mixin, Base):
    __tablename__ = "c"
    KIND = 1
    kind = sa.Column(sa.Integer)
