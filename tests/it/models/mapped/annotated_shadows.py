from __future__ import annotations

import datetime
from typing import Annotated

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, registry

mapper_registry = registry()
metadata = mapper_registry.metadata

text = Annotated[str, mapped_column(sa.TEXT)]
bigint = Annotated[int, mapped_column(sa.BIGINT)]
datetime_tz = Annotated[datetime.datetime, mapped_column(sa.TIMESTAMP(timezone=True))]
text_pk = Annotated[str, mapped_column(sa.TEXT, primary_key=True)]
# metadata: metadata


@mapper_registry.mapped_as_dataclass
class File:
    __tablename__ = "file"

    name: Mapped[text]
    size: Mapped[bigint]
    seen: Mapped[datetime_tz | None] = mapped_column(default=None)
    id: Mapped[text_pk] = mapped_column(default="x")
