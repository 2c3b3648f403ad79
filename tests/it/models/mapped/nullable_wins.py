from typing import Optional

from sqlalchemy import Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Both(Base):
    __tablename__ = "both"

    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[Optional[str]] = mapped_column(nullable=False)
    b: Mapped[str] = mapped_column(nullable=True)
    c: Mapped[str] = mapped_column(String(5))
    d: Mapped[Optional[str]] = mapped_column(String(5))
    e: Mapped[str] = mapped_column(default="x")
    f: Mapped[Optional[int]] = mapped_column(Integer, primary_key=True, autoincrement=False)
    g = mapped_column(Integer)
    h = mapped_column(Integer, nullable=False)
