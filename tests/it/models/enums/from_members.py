import enum

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Fruit(enum.Enum):
    APPLE = "apple"
    PEAR = "pear"


class Basket(Base):
    __tablename__ = "basket"

    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(sa.Enum(*[fruit.value for fruit in Fruit], name="fruit_values"))
    b = sa.Column(sa.Enum(*Fruit.__members__, name="fruit_names"))
    c = sa.Column(sa.Enum(*(f.name.lower() for f in Fruit), name="fruit_lower"))
    d = sa.Column(sa.Enum(Fruit.APPLE.value, "plum", name="fruit_mixed"))
