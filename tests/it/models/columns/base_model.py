from sqlalchemy import Boolean, Column, DateTime, Integer, String, Text
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Member(Base):
    __tablename__ = "members"

    id = Column(Integer, primary_key=True)
    email = Column(String(255), nullable=False)
    nickname = Column(String)
    bio = Column(Text, nullable=True)
    active = Column(Boolean, default=True, nullable=False)
    joined_at = Column(DateTime, nullable=False)
