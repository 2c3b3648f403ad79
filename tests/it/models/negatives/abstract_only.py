import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Template(Base):
    __abstract__ = True
    __tablename__ = "template"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(3))


class Unmapped:
    __tablename__ = "unmapped"
    x = sa.Column(sa.Integer)


class Final(Template):
    __tablename__ = "final"
