from typing import NewType, Optional

from sqlalchemy import BigInteger
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

UserId = NewType("UserId", int)
Slug = NewType("Slug", str)


class Base(DeclarativeBase):
    type_annotation_map = {UserId: BigInteger()}


class User(Base):
    __tablename__ = "users"

    id: Mapped[UserId] = mapped_column(primary_key=True)
    parent: Mapped[Optional[UserId]]
