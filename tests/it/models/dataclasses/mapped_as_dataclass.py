from __future__ import annotations

import dataclasses
from typing import Optional

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column, relationship


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    pass


class Stamp(MappedAsDataclass):
    stamp: Mapped[int] = mapped_column(init=False, default=0)


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str] = mapped_column(String(30), default="x", kw_only=True)
    nickname: Mapped[Optional[str]] = mapped_column(default=None, repr=False)
    count: Mapped[int] = mapped_column(default_factory=int, insert_default=3)
    flag: Mapped[bool] = mapped_column(server_default="f", init=False, compare=False)
    pets: Mapped[list[Pet]] = relationship(default_factory=list, init=False)


class Pet(Stamp, Base):
    __tablename__ = "pets"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), init=False)
    word: str = dataclasses.field(default="none", init=False) if False else "x"
