from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Core(Base):
    __tablename__ = "core"
    id = Column(Integer, primary_key=True)
