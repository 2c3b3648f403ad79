import sys
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, registry

if TYPE_CHECKING:
    from typing import Any

    Base = Any
else:
    mapper_registry = registry()
    Base = mapper_registry.generate_base()

if sys.version_info >= (3, 8):
    Number = sa.BigInteger
else:
    Number = sa.Integer

try:
    from sqlalchemy import Text
except ImportError:
    Text = sa.String

HAS_NOTES = True


class A(Base):
    __tablename__ = "a"
    id = sa.Column(Number, primary_key=True)
    text = sa.Column(Text)


if HAS_NOTES:

    class Note(Base):
        __tablename__ = "note"
        id = sa.Column(sa.Integer, primary_key=True)

else:

    class Never(Base):
        __tablename__ = "never"
        id = sa.Column(sa.Integer, primary_key=True)
