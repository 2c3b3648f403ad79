import dataclasses
import typing
from typing import NamedTuple, Optional, TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Real(Base):
    __tablename__ = "real_one"
    id: Mapped[int] = mapped_column(primary_key=True)


@dataclasses.dataclass
class Row:
    __tablename__ = "row"
    id: int
    name: str = "x"


class Typed(TypedDict):
    id: int
    name: Optional[str]


class Tuple(NamedTuple):
    id: int
    name: str


class Plain:
    __tablename__ = "plain"
    id = sa.Column(sa.Integer, primary_key=True)
    name: Mapped[str] = mapped_column()


class Column:
    def __init__(self, name):
        self.name = name


class Grid:
    columns = [Column("a"), Column("b")]
    title = Column("title")


class Protocol(typing.Protocol):
    __tablename__: str
    id: Mapped[int]
