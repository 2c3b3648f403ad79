from sqlalchemy import Column, Integer

from .base import Base


class Animal(Base):
    __tablename__ = "animal"
    id = Column(Integer, primary_key=True)
