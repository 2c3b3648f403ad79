import sqlalchemy as sa
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.ext.declarative import DeferredReflection
from sqlalchemy.orm import declarative_base

Base = declarative_base()
Auto = automap_base()


class Known(Base):
    __tablename__ = "known"
    id = sa.Column(sa.Integer, primary_key=True)


class Later(DeferredReflection, Base):
    __abstract__ = True


class Mapped(Auto):
    __tablename__ = "automapped"
    id = sa.Column(sa.Integer, primary_key=True)
