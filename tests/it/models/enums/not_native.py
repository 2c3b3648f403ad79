import enum

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Level(enum.Enum):
    LOW = 1
    MIDDLE = 2


class Alarm(Base):
    __tablename__ = "alarm"

    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(sa.Enum(Level, native_enum=False))
    b = sa.Column(sa.Enum(Level, native_enum=False, length=30))
    c = sa.Column(sa.Enum("one", "three", "eleven", native_enum=False))
    d = sa.Column(sa.Enum("one", "two", name="counted", native_enum=False, create_constraint=True))
    e = sa.Column(sa.Enum("left", "right", name="side", create_constraint=True))
    f = sa.Column(sa.Enum(Level, native_enum=False, values_callable=lambda x: [str(i.value) for i in x]))
