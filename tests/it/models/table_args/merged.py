import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, declared_attr

Base = declarative_base()


class Stamped:
    stamp = sa.Column(sa.DateTime)

    @declared_attr
    def __table_args__(cls):
        return (sa.Index(f"ix_{cls.__tablename__}_stamp", "stamp"),)


class Paper(Stamped, Base):
    __tablename__ = "paper"
    id = sa.Column(sa.Integer, primary_key=True)


class Letter(Stamped, Base):
    __tablename__ = "letter"
    id = sa.Column(sa.Integer, primary_key=True)
    to = sa.Column(sa.String)

    @declared_attr
    def __table_args__(cls):
        return (sa.UniqueConstraint("to"), {"comment": cls.__tablename__})


class Card(Stamped, Base):
    __tablename__ = "card"
    __table_args__ = (sa.UniqueConstraint("to", name="uq_card"),)
    id = sa.Column(sa.Integer, primary_key=True)
    to = sa.Column(sa.String)
