import datetime
import decimal
import uuid
from typing import Annotated, Any, Dict, Optional

from sqlalchemy import JSON, BigInteger, DateTime, Numeric, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

str30 = Annotated[str, 30]
str50 = Annotated[str, 50]
money = Annotated[decimal.Decimal, "money"]


class Base(DeclarativeBase):
    type_annotation_map = {
        int: BigInteger,
        datetime.datetime: DateTime(timezone=True),
        str: String().with_variant(String(100), "postgresql"),
        str30: String(30),
        str50: String(50),
        money: Numeric(12, 2),
        dict[str, Any]: JSON,
        Dict[str, Any]: JSONB,
        uuid.UUID: String(36),
    }


class Mapping(Base):
    __tablename__ = "mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[datetime.datetime]
    b: Mapped[Optional[datetime.datetime]]
    c: Mapped[str]
    d: Mapped[str30]
    e: Mapped[Optional[str50]]
    f: Mapped[money]
    g: Mapped[dict[str, Any]]
    h: Mapped[Optional[Dict[str, Any]]]
    i: Mapped[uuid.UUID]
    j: Mapped[float]
    k: Mapped[int | None]
    m: Mapped[decimal.Decimal]
