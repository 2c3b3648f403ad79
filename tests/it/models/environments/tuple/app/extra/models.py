from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Extra(Base):
    __tablename__ = "extra"
    id = Column(Integer, primary_key=True)
