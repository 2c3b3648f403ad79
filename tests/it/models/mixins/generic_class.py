from typing import Generic, Optional, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

T = TypeVar("T")


class Loader(Generic[T]):
    def load(self) -> Optional[T]:
        return None


class Base(DeclarativeBase):
    __abstract__ = True


class Repository(Base, Loader[int]):
    __tablename__ = "repository"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(7))
