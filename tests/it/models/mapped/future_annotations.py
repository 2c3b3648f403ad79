from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, List, Optional
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

if TYPE_CHECKING:
    from collections.abc import Sequence


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    born: Mapped[date | None]
    seen: Mapped[Optional[datetime]]
    books: Mapped[List[Book]] = relationship(back_populates="author")
    others: Mapped[list["Book"]] = relationship(viewonly=True)


class Book(Base):
    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("author.id"))
    reviewer_id: Mapped[Optional[UUID]] = mapped_column(ForeignKey(Author.id))
    author: Mapped[Author] = relationship(back_populates="books", foreign_keys=[author_id])
