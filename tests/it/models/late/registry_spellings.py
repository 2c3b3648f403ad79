import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBaseNoMeta, DeclarativeMeta, Mapped, mapped_column, registry

reg = registry(metadata=sa.MetaData())
metadata = reg.metadata
# metadata: metadata


class Meta(metaclass=DeclarativeMeta):
    __abstract__ = True
    registry = reg
    metadata = reg.metadata
    __init__ = reg.constructor


class NoMeta(DeclarativeBaseNoMeta):
    registry = reg


class A(Meta):
    __tablename__ = "a"
    id = sa.Column(sa.Integer, primary_key=True)


class B(NoMeta):
    __tablename__ = "b"
    id: Mapped[int] = mapped_column(primary_key=True)


@reg.mapped
class C:
    __tablename__ = "c"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]


@reg.as_declarative_base()
class D:
    __abstract__ = True
    id = sa.Column(sa.Integer, primary_key=True)


class E(D):
    __tablename__ = "e"
