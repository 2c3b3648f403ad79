import enum
import ipaddress
import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Dict, List, Literal, NewType, Optional, Union

import pydantic
import sqlalchemy as sa
from annotated_types import MaxLen
from pydantic import (
    AwareDatetime, EmailStr, NaiveDatetime, NonNegativeInt, PositiveFloat, PositiveInt, PrivateAttr, StrictBool, StrictInt, StrictStr,
    StringConstraints, UUID4, condecimal, confloat, conint, constr,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import JSON, Column, DateTime, Enum, Field, ForeignKey, Relationship, SQLModel, String, Text


class Color(enum.Enum):
    RED = "r"
    GREEN = "g"


class Size(str, enum.Enum):
    SMALL = "s"


class Level(enum.IntEnum):
    LOW = 1


class Tagged(str):
    pass


Name = Annotated[str, Field(max_length=33)]
Key = Annotated[int, Field(index=True)]


class Parent(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
