import datetime
from typing import Annotated

from sqlalchemy import DateTime, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

key = Annotated[int, mapped_column(primary_key=True, comment="the number")]
code = Annotated[str, mapped_column(String(4), unique=True, index=True, server_default=text("'x'"))]
parent = Annotated[int, mapped_column(ForeignKey("first.id", ondelete="CASCADE"))]
deep = Annotated[code, "more"] if False else Annotated[code, 1]


class Base(DeclarativeBase):
    pass


class First(Base):
    __tablename__ = "first"
    id: Mapped[key]
    code: Mapped[code]
    two: Mapped[deep]


class Second(Base):
    __tablename__ = "second"
    id: Mapped[key] = mapped_column(comment="another")
    parent_id: Mapped[parent]
    other_id: Mapped[parent | None] = mapped_column("other", index=True)
