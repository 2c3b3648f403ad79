from __future__ import annotations

from typing import Annotated, Optional, Union

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

T = Annotated[T, T]
U = Optional[U]


class Base(DeclarativeBase):
    type_annotation_map = {T: T, Mapped: Mapped}
    type_annotation_map[Base] = type_annotation_map


class A(Base):
    __tablename__ = "a"
    id: Mapped["Mapped['Mapped[int']"] = mapped_column(primary_key=True)
    b: Mapped[T]
    c: Mapped[U | U | "U"]
    d: Mapped[""]
    e: Mapped["(("]
    f: Mapped["A" "B" | None]
    g: Mapped[Optional[Union[Annotated[Optional["g"], mapped_column()], None]]]
    h: "Mapped[é\u2028]"
    i: Mapped[...]
    j: Mapped[1 / 0]
    k: Mapped
    l: Mapped[int, str]
