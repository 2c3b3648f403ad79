import datetime
import datetime as dt
import decimal
import enum
import uuid
from dataclasses import InitVar
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar, List, Literal, NewType, Optional, Union
import typing as t

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Integer, String, Text, func, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase, DynamicMapped, Mapped, WriteOnlyMapped, column_property, declared_attr, deferred,
    mapped_column, query_expression, relationship, synonym,
)
from typing_extensions import TypeAliasType


class Color(enum.Enum):
    RED = "r"
    GREEN = "g"


class Size(str, enum.Enum):
    SMALL = "s"
    LARGE = "l"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Mood(enum.Enum):
    HAPPY = "happy"
    SAD = "sad"


class Special(enum.Enum):
    A = "a"


class Tagged(str):
    pass


UserId = NewType("UserId", int)
Email = NewType("Email", str)
intpk = Annotated[int, mapped_column(primary_key=True)]
str30 = Annotated[str, 30]
str50 = Annotated[str, mapped_column(String(50))]
indexed = Annotated[str, mapped_column(String(10), index=True, unique=True, comment="c")]
owner = Annotated[int, mapped_column(ForeignKey("parent.id", ondelete="CASCADE"), index=True)]
nullable_str = Annotated[Optional[str], mapped_column(String(7))]
forced_null = Annotated[str, mapped_column(nullable=True)]
not_null = Annotated[str, mapped_column(nullable=False)]
created = Annotated[dt.datetime, mapped_column(sa.DateTime(timezone=True), server_default=func.now())]
numbered = Annotated[Decimal, 12]
text = Annotated[str, mapped_column(sa.TEXT)]
OptText = Optional[text]
nested = Annotated[str50, "more"]
Alias = TypeAliasType("Alias", str)
AliasOpt = TypeAliasType("AliasOpt", Optional[str])
AliasMapped = TypeAliasType("AliasMapped", int)
AliasLit = TypeAliasType("AliasLit", Literal["one", "three"])
AliasAnn = TypeAliasType("AliasAnn", Annotated[str, mapped_column(String(44))])
Small = Literal["x", "yyy"]
Kept = Literal["keep"]


class Base(DeclarativeBase):
    type_annotation_map = {
        str30: String(30),
        numbered: sa.Numeric(12, 4),
        Annotated[str, "long"]: Text(),
        dict[str, Any]: postgresql.JSONB,
        List[int]: postgresql.ARRAY(Integer),
        Email: String(320),
        AliasMapped: sa.BigInteger(),
        Union[int, str]: sa.JSON(),
        bytes: sa.LargeBinary(8),
        Mood: sa.Enum(Mood, name="mood_type", native_enum=False, length=40),
        Kept: sa.Enum("keep", "other", name="kept"),
        Special: sa.Enum(enum.Enum, name="special_sort"),
    }


class Plain(DeclarativeBase):
    pass


class General(DeclarativeBase):
    type_annotation_map = {
        enum.Enum: sa.Enum(enum.Enum, native_enum=False, length=50, values_callable=lambda e: [m.value for m in e]),
        dt.datetime: sa.TIMESTAMP(timezone=True),
        int: sa.BigInteger,
        Optional[str]: Text(),
        uuid.UUID: sa.String(36),
    }


class Loose(DeclarativeBase):
    __allow_unmapped__ = True


class Parent(Base):
    __tablename__ = "parent"
    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)


class Parent2(Plain):
    __tablename__ = "parent"
    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)


class Parent3(General):
    __tablename__ = "parent"
    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
