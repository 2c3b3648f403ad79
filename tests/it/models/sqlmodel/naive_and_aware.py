# metadata: SQLModel.metadata
from datetime import datetime, timezone

from pydantic import AwareDatetime, NaiveDatetime
from sqlmodel import Field, SQLModel


def now():
    return datetime.now(timezone.utc)


class Clock(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    plain: datetime = Field(default_factory=now)
    aware: AwareDatetime
    naive: NaiveDatetime
    maybe: datetime | None = None
