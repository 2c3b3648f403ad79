from .db import *
from .one import One

__all__ = ("Two",)


class Two(Base):
    __tablename__ = "two"
    id = Column(Integer, primary_key=True)
    one_id = Column(ForeignKey(One.id), nullable=False)


class AlsoTwo(Base):
    __tablename__ = "also_two"
    id = Column(Integer, primary_key=True)
