from typing import Any, Union

from sqlalchemy import JSON, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Loose(Base):
    __tablename__ = "loose"

    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[Any] = mapped_column(JSON)
    b: Mapped[object] = mapped_column(JSON)
    c: Mapped[Union[int, str]] = mapped_column(String)
    d: Mapped[Union[int, str, None]] = mapped_column(String)
    e: Mapped[int | str | None] = mapped_column(String)
    f: Mapped["list[str | None]"] = mapped_column(JSON)
