import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, declared_attr


class Base(DeclarativeBase):
    __table_args__ = {"schema": "tenant"}

    @declared_attr.directive
    def __tablename__(cls):
        return cls.__name__.lower() + "s"


class Room(Base):
    id = sa.Column(sa.Integer, primary_key=True)


class Chair(Base):
    __table_args__ = (sa.UniqueConstraint("number"), {"schema": "tenant"})
    id = sa.Column(sa.Integer, primary_key=True)
    number = sa.Column(sa.Integer)
    room_id = sa.Column(sa.ForeignKey("tenant.rooms.id"))


class Own(Base):
    __tablename__ = "own_one"
    __table_args__ = {}
    id = sa.Column(sa.Integer, primary_key=True)
