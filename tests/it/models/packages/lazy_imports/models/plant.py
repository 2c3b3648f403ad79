from sqlalchemy import Column, ForeignKey, Integer

from .base import Base


class Plant(Base):
    __tablename__ = "plant"
    id = Column(Integer, primary_key=True)
    eaten_by = Column(ForeignKey("animal.id"))
