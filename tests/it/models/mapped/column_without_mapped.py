from typing import Optional

from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Mixed(Base):
    __tablename__ = "mixed"

    id: Mapped[int] = Column(Integer, primary_key=True)
    a: Mapped[str] = Column(String(4))
    b: Mapped[Optional[str]] = Column(String(4), nullable=False)
    c = mapped_column(String)
    d: Mapped[str] = Column("dee", String)
    e = mapped_column(ForeignKey("mixed.id"))
