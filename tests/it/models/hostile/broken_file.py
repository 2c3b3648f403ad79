import sqlalchemy as sa
from sqlalchemy.orm import declarative_base
Base = declarative_base()

class A(Base:
    __tablename__ = "a"
  id = sa.Column(sa.Integer, primary_key=True
    def

class B(Base):
    __tablename__ = "b
    id = sa.Column(
