import datetime
import uuid
from typing import Any, Optional, Union

import sqlalchemy as sa
from sqlalchemy import FetchedValue
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry, relationship
from sqlalchemy.sql.functions import coalesce
from sqlalchemy.types import TypeDecorator


class UUID(TypeDecorator[uuid.UUID]):
    impl = sa.CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        else:
            return dialect.type_descriptor(sa.CHAR(36))


class Timestamp(TypeDecorator[datetime.datetime]):
    impl = sa.TIMESTAMP(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.DateTime())


class Base(DeclarativeBase):
    registry = registry(
        metadata=sa.schema.MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s__%(column_0_N_name)s",
                "uq": "uq_%(table_name)s__%(column_0_N_name)s",
                "fk": "fk_%(table_name)s__%(column_0_N_name)s__%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={uuid.UUID: UUID, datetime.datetime: Timestamp},
    )
    __mapper_args__: dict[str, Any] = {"eager_defaults": True}

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower()

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=sa.text("gen_random_uuid()"))
    created: Mapped[datetime.datetime] = mapped_column(server_default=sa.func.now())
    updated: Mapped[datetime.datetime] = mapped_column(index=True, server_default=sa.func.now(), server_onupdate=FetchedValue())


class Flow(Base):
    name: Mapped[str]
    tags: Mapped[list[str]] = mapped_column(postgresql.JSON().with_variant(sa.JSON(), "sqlite"), server_default="[]")

    __table_args__: Any = (sa.UniqueConstraint("name"), sa.Index("ix_flow__desc", sa.desc("created")))


class Run(Base):
    __abstract__ = True

    name: Mapped[str] = mapped_column(default="x", index=True)
    started: Mapped[Optional[datetime.datetime]]
    expected: Mapped[Union[datetime.datetime, None]]

    @declared_attr
    def flow(cls) -> Mapped["Flow"]:
        return relationship("Flow", lazy="raise")


class FlowRun(Run):
    flow_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("flow.id", ondelete="cascade"), index=True)
    total: Mapped[datetime.timedelta] = mapped_column(server_default="0")
    auto: Mapped[bool] = mapped_column(server_default="0")

    @declared_attr.directive
    @classmethod
    def __table_args__(cls):
        return (
            sa.Index("uq_flow_run__flow_name", cls.flow_id, cls.name, unique=True),
            sa.Index("ix_flow_run__coalesce", coalesce(cls.started, cls.expected).asc()),
            sa.Index("ix_flow_run__where", cls.started, postgresql_where=cls.auto.is_(True)),
        )
