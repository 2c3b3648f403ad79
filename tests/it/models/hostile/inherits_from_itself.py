from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class A(A):
    __tablename__ = "a"
    id = Column(Integer, primary_key=True)


class B(C):
    __tablename__ = "b"


class C(B, Base):
    __tablename__ = "c"


Base = Base(Base)
