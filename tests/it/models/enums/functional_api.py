import enum

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
Planet = enum.Enum("Planet", "EARTH MARS")
Moon = enum.Enum("Moon", ["IO", "EUROPA"])
Star = enum.Enum("Star", {"SUN": "s", "SIRIUS": "d"})


class Place(Base):
    __tablename__ = "place"

    id = sa.Column(sa.Integer, primary_key=True)
    planet = sa.Column(sa.Enum(Planet))
    moon = sa.Column(sa.Enum(Moon))
    star = sa.Column(sa.Enum(Star))
