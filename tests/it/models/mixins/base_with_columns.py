import datetime

from sqlalchemy import DateTime, Integer, MetaData, func
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(AsyncAttrs, DeclarativeBase):
    __abstract__ = True
    metadata = MetaData()

    id: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-999)
    created_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(), sort_order=999)

    def __repr__(self):
        return f"<{type(self).__name__} {self.id}>"


class Thing(Base):
    __tablename__ = "thing"
    name: Mapped[str]


class Other(Base):
    __tablename__ = "other"
    name: Mapped[str | None]
