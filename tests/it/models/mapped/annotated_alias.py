import datetime
from typing import Annotated, Optional

from sqlalchemy import ForeignKey, String, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

intpk = Annotated[int, mapped_column(primary_key=True)]
str50 = Annotated[str, mapped_column(String(50))]
required_name = Annotated[str, mapped_column(String(30), nullable=False)]
timestamp = Annotated[datetime.datetime, mapped_column(nullable=False, server_default=func.CURRENT_TIMESTAMP())]
user_fk = Annotated[int, mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)]
with_word = Annotated[str, 7]
optional_text = Annotated[Optional[str], mapped_column(String(99))]


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[intpk]
    name: Mapped[required_name]
    nickname: Mapped[Optional[str50]]
    other: Mapped[Optional[required_name]]
    created: Mapped[timestamp]
    word: Mapped[with_word]
    text: Mapped[optional_text]


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[intpk]
    user_id: Mapped[user_fk]
    editor_id: Mapped[Optional[user_fk]]
    title: Mapped[str50] = mapped_column(unique=True)
    slug: Mapped[str50] = mapped_column(String(20))
    subtitle: Mapped[str50 | None] = mapped_column("sub_title")
    quoted: Mapped["str50"]
    also: "Mapped[Optional[str50]]"
