import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Seat(Base):
    __tablename__ = "seat"

    hall = sa.Column(sa.Integer, primary_key=True)
    row = sa.Column(sa.String(2), primary_key=True)
    number = sa.Column(sa.SmallInteger, primary_key=True, autoincrement=False)
    broken = sa.Column(sa.Boolean, nullable=False, server_default=sa.false())


class Ticket(Base):
    __tablename__ = "ticket"

    a = sa.Column(sa.Integer, primary_key=True, autoincrement=True)
    b = sa.Column(sa.Integer, primary_key=True)
