from sqlalchemy import Column, Integer

from app.base import Base


class Thing(Base):
    __tablename__ = "thing"
    id = Column(Integer, primary_key=True)
