import json
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import CHAR, UUID
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import declarative_base
from sqlalchemy.types import CHAR as SA_CHAR
from sqlalchemy.types import TypeDecorator, TypeEngine

Base = declarative_base()


class JSONText(TypeDecorator):
    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return json.dumps(value)


class Sized(TypeDecorator):
    impl = sa.String(64)
    cache_ok = True


class WithArguments(TypeDecorator):
    impl = sa.String

    def __init__(self, length=None, **kwargs):
        super().__init__(length=length, **kwargs)


class Passed(TypeDecorator):
    impl = sa.Numeric


class GUID(TypeDecorator):
    """Of PostgreSQL where there is one, else text."""

    impl = SA_CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(UUID())
        return dialect.type_descriptor(CHAR(32))


class Child(JSONText):
    pass


class Utc(sa.types.TypeDecorator):
    @property
    def python_type(self):
        return str

    impl = sa.DateTime(timezone=True)


class Decorated(Base):
    __tablename__ = "decorated"

    id = sa.Column(GUID, primary_key=True, default=uuid.uuid4)
    a = sa.Column(JSONText)
    b = sa.Column(JSONText())
    c = sa.Column(Sized, nullable=False)
    d = sa.Column(WithArguments(12))
    e = sa.Column(WithArguments)
    f = sa.Column(Passed(6, 2))
    g = sa.Column(GUID())
    h = sa.Column(Child)
    i = sa.Column(Utc)
    j = sa.Column(MutableDict.as_mutable(JSONText))
    k = sa.Column(sa.ARRAY(Sized))
