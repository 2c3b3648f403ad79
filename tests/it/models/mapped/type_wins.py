import datetime
from typing import Any, Dict, List

from sqlalchemy import ARRAY, JSON, BigInteger, DateTime, Numeric, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Typed(Base):
    __tablename__ = "typed"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    a: Mapped[str] = mapped_column(Text)
    b: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    c: Mapped[float] = mapped_column(Numeric(10, 3))
    d: Mapped[Dict[str, Any]] = mapped_column(JSONB)
    e: Mapped[dict] = mapped_column(JSON, nullable=True)
    f: Mapped[List[str]] = mapped_column(ARRAY(String))
    g: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    h: Mapped[Any] = mapped_column(String(3))
    i: Mapped[str] = mapped_column("other_name", String(9))
    j: Mapped[str] = mapped_column(name="third_name", type_=String(7))
