from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, IdMixin

from . import types as t

if TYPE_CHECKING:
    from .blog.post import Post


class User(IdMixin, Base):
    __tablename__ = "users"
    name: Mapped[t.title]
    posts: Mapped[list[Post]] = relationship(back_populates="author")
