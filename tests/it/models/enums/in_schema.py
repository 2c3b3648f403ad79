import enum

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base(metadata=sa.MetaData(schema="stock"))


class Kind(enum.Enum):
    a = 1
    b = 2


class Item(Base):
    __tablename__ = "item"

    id = sa.Column(sa.Integer, primary_key=True)
    kind = sa.Column(sa.Enum(Kind))
    other = sa.Column(sa.Enum("c", "d", name="other_kind", schema="public"))
    third = sa.Column(sa.Enum("e", name="third_kind", schema="stock"))
