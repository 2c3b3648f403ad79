from sqlalchemy import Column, Integer

from app.base import Base


class Unused(Base):
    __tablename__ = "unused"
    id = Column(Integer, primary_key=True)
