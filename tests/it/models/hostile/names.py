import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Ünï(Base):
    __tablename__ = "täble \u202e \x00 \n '; DROP"
    id = sa.Column("", sa.Integer, primary_key=True)
    é = sa.Column("\U0001f600" * 40, sa.Enum("\ud800", "", "\x00", name="\n"))
    b = sa.Column("%(x)s %s %", sa.String(5), index=True, unique=True, comment="\x1b[31m")


class _(Base):
    __tablename__ = ""
    __ = sa.Column(sa.Integer, primary_key=True)
