import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

schema_metadata = sa.MetaData(schema="app")


class Base(DeclarativeBase):
    registry = registry(
        metadata=schema_metadata,
        type_annotation_map={
            uuid.UUID: postgresql.UUID(as_uuid=False),
            datetime.datetime: postgresql.TIMESTAMP(timezone=True),
        },
    )


class Event(Base):
    __tablename__ = "event"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime]
    until: Mapped[datetime.datetime | None]
    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("event.id"))
