import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Vehicle(Base):
    __tablename__ = "vehicle"
    id = sa.Column(sa.BigInteger, primary_key=True)
    kind = sa.Column(sa.String(10), nullable=False)
    __mapper_args__ = {"polymorphic_on": "kind"}


class Car(Vehicle):
    __tablename__ = "car"
    id = sa.Column(sa.ForeignKey("vehicle.id", ondelete="CASCADE"), primary_key=True)
    doors = sa.Column(sa.Integer, nullable=False)
    __mapper_args__ = {"polymorphic_identity": "car"}


class Cabrio(Car):
    __tablename__ = "cabrio"
    id = sa.Column(sa.BigInteger, sa.ForeignKey(Car.id), primary_key=True)
    roof = sa.Column(sa.String(9))
    __mapper_args__ = {"polymorphic_identity": "cabrio"}


class Taxi(Car):
    number = sa.Column(sa.Integer)
    __mapper_args__ = {"polymorphic_identity": "taxi"}
