from typing import Any, Tuple

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, declared_attr

Base = declarative_base()
COMMON = (sa.UniqueConstraint("name"),)


class OnlyDict(Base):
    __tablename__ = "only_dict"
    __table_args__ = {"comment": "a dict", "info": {"a": 1}, "extend_existing": True}
    id = sa.Column(sa.Integer, primary_key=True)


class EmptyTuple(Base):
    __tablename__ = "empty_tuple"
    __table_args__ = ()
    id = sa.Column(sa.Integer, primary_key=True)


class Annotated(Base):
    __tablename__ = "annotated"
    __table_args__: Any = (sa.Index("ix_annotated_name", "name"), {"comment": "b"})
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String)


class Declared(Base):
    __tablename__ = "declared"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String)

    @declared_attr
    def __table_args__(cls):
        return (sa.Index("ix_declared_name", "name"),)


class Directive(Base):
    __tablename__ = "directive"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> Tuple[Any, ...]:
        return (
            sa.Index("ix_directive_name", cls.name.desc()),
            sa.UniqueConstraint("name", "id", name=f"uq_{cls.__tablename__}"),
        )


class Classmethod(Base):
    __tablename__ = "class_method"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String)
    __table_args__ = COMMON + (sa.Index("ix_sum", "name"),)


class Starred(Base):
    __tablename__ = "starred"
    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(sa.Integer)
    b = sa.Column(sa.Integer)
    __table_args__ = (*[sa.Index(f"ix_starred_{name}", name) for name in ("a", "b")], {"schema": None})
