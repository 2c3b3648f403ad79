import datetime
import decimal
import uuid
from typing import Optional

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Bare(Base):
    __tablename__ = "bare"

    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[str]
    b: Mapped[Optional[str]]
    c: Mapped[bool]
    d: Mapped[bytes]
    e: Mapped[float]
    f: Mapped[decimal.Decimal]
    g: Mapped[datetime.date]
    h: Mapped[datetime.datetime]
    i: Mapped[datetime.time]
    j: Mapped[datetime.timedelta]
    k: Mapped[uuid.UUID]
    m: Mapped[int | None]
    n: Mapped[Optional[datetime.datetime]] = mapped_column()
