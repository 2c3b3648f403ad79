import typing as t
from typing import Optional, Union

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy import orm


class Base(DeclarativeBase):
    pass


class Text(Base):
    __tablename__ = "texts"

    id: "Mapped[int]" = mapped_column(primary_key=True)
    a: "Mapped[str | None]"
    b: Mapped["str"]
    c: Mapped["Optional[str]"]
    d: "Mapped[Optional[str]]" = mapped_column(String(10))
    e: Mapped[Union[str, None]]
    f: Mapped[Union[None, int]]
    g: orm.Mapped[t.Optional[int]]
    h: Mapped[t.Union["str", None]]
    i: "orm.Mapped[t.Optional['str']]"
    j: Mapped["str | None"] = mapped_column(String(20), nullable=False)
