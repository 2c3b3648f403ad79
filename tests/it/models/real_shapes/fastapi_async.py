from __future__ import annotations

import datetime
import enum
from typing import Annotated, Any

from sqlalchemy import DateTime, Enum, ForeignKey, MetaData, String, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

created_at = Annotated[datetime.datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]


class Base(AsyncAttrs, DeclarativeBase):
    metadata = MetaData(naming_convention={"ix": "%(column_0_label)s_idx", "uq": "%(table_name)s_%(column_0_name)s_key", "pk": "%(table_name)s_pkey"})
    type_annotation_map = {dict[str, Any]: JSONB, list[str]: ARRAY(String)}

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower() + "s"


class Status(enum.StrEnum):
    ACTIVE = "active"
    GONE = "gone"


class TimestampMixin:
    created_at: Mapped[created_at]
    updated_at: Mapped[datetime.datetime | None] = mapped_column(DateTime(timezone=True), onupdate=func.now())


class Account(TimestampMixin, Base):
    id: Mapped[str] = mapped_column(UUID(as_uuid=False), primary_key=True, server_default=text("gen_random_uuid()"))
    status: Mapped[Status] = mapped_column(Enum(Status, values_callable=lambda x: [e.value for e in x]), default=Status.ACTIVE)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    labels: Mapped[list[str] | None]
    email: Mapped[str] = mapped_column(String(320), unique=True)
    sessions: Mapped[list[Session]] = relationship(back_populates="account")


class Session(TimestampMixin, Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    agent: Mapped[str | None] = mapped_column(Text)
    account: Mapped[Account] = relationship(back_populates="sessions")
    __table_args__ = (UniqueConstraint("account_id", "agent"),)
