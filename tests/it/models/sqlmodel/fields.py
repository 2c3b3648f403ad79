# metadata: SQLModel.metadata
import datetime
import enum
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any, Dict, List, Literal, Optional

import sqlalchemy as sa
from pydantic import ConfigDict
from sqlalchemy import JSON, Column, DateTime, String
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import AutoString, Field, SQLModel


class Colour(str, enum.Enum):
    RED = "red"
    BLUE = "blue"


class HTTPThing(SQLModel, table=True):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    id: Optional[int] = Field(default=None, primary_key=True)
    a: int
    b: Optional[int]
    c: int = 5
    d: float
    e: Decimal = Field(max_digits=10, decimal_places=2)
    f: Decimal
    g: bytes
    h: datetime.time
    i: datetime.timedelta
    j: Colour
    k: Colour | None = None
    m: Path
    n: str = Field(sa_type=sa.Text)
    o: datetime.datetime = Field(sa_type=DateTime(timezone=True))
    p: dict[str, Any] = Field(sa_type=JSON, default_factory=dict)
    q: List[str] = Field(default_factory=list, sa_column=Column(ARRAY(String)))
    r: Dict[str, int] = Field(sa_column=Column(JSONB, nullable=False, server_default="{}"))
    s: str = Field(sa_column_kwargs={"server_default": "x", "comment": "said"})
    t: int = Field(sa_column_args=[sa.ForeignKey("httpthing.id", name="fk_t")])
    u: str = Field(nullable=True)
    v: Optional[str] = Field(default=None, nullable=False, index=True)
    w: str = Field(unique=True, max_length=7)
    x: datetime.datetime
    y: datetime.datetime = Field(default_factory=datetime.datetime.utcnow, nullable=False)
    z: uuid.UUID | None = Field(default=None, foreign_key="other.id", ondelete="SET NULL")
    aa: str = Field(sa_column=Column("renamed", String(3)))
    bb: str = Field(alias="b-b", description="no comment", title="T")
    cc: str = Field(sa_type=AutoString(length=9))


class Other(SQLModel, table=True):
    id: uuid.UUID = Field(primary_key=True)
