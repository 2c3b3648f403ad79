from typing import Optional

from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Loose(Base):
    __tablename__ = "loose"
    __allow_unmapped__ = True

    id: int = Column(Integer, primary_key=True)
    name: Optional[str] = Column(String(20), nullable=False)
    title: "str" = Column(String(20))
    cached: str = "nothing"
    count: int
    words: Optional[list[str]] = None
