import enum

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base
from sqlalchemy.types import TypeDecorator

Base = declarative_base()


class Tone(enum.Enum):
    HIGH = "h"
    DEEP = "d"


class ValueEnum(TypeDecorator):
    impl = sa.Enum
    cache_ok = True

    def __init__(self, enum_class, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.enum_class = enum_class

    def process_bind_param(self, value, dialect):
        return value


class NumberEnum(TypeDecorator):
    """An enumeration kept as a number."""

    impl = sa.SmallInteger
    cache_ok = True

    def __init__(self, enum_class):
        super().__init__()
        self.enum_class = enum_class


class Song(Base):
    __tablename__ = "song"

    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(ValueEnum(Tone, "h", "d", name="tone_values"))
    b = sa.Column(NumberEnum(Tone), nullable=False)
