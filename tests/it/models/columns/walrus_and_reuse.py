import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Reuse(Base):
    __tablename__ = (_name := "reuse")
    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column((_t := sa.String(3)))
    b = sa.Column(_t)
    c = sa.Column(sa.String(len(_name)))
