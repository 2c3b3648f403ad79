import enum

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Mood(enum.Enum):
    HAPPY = "happy"
    SAD = "sad"


class Weather(str, enum.Enum):
    SUN = "sun"
    RAIN = "rain"


class Ship(enum.StrEnum):
    FAST = enum.auto()
    SLOW = enum.auto()


def values(kinds):
    return [kind.value for kind in kinds]


class Day(Base):
    __tablename__ = "day"

    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(sa.Enum(Mood, values_callable=lambda obj: [e.value for e in obj], name="mood"))
    b = sa.Column(sa.Enum(Weather, values_callable=values))
    c = sa.Column(sa.Enum(Ship, values_callable=lambda x: [i.value for i in x]))
    d = sa.Column(sa.Enum(Weather, name="weather_names"))
    e = sa.Column(sa.Enum(Weather, name="upper_weather", values_callable=lambda e: [m.name.upper() for m in e]))
    f = sa.Column(sa.Enum(Mood, name="mood_list", values_callable=lambda e: list(map(lambda m: str(m.value), e))))
