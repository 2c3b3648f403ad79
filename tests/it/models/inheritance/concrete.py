import sqlalchemy as sa
from sqlalchemy.ext.declarative import AbstractConcreteBase, ConcreteBase
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Shape(ConcreteBase, Base):
    __tablename__ = "shape"
    id = sa.Column(sa.Integer, primary_key=True)
    colour = sa.Column(sa.String(10))
    __mapper_args__ = {"polymorphic_identity": "shape", "concrete": True}


class Circle(Shape):
    __tablename__ = "circle"
    id = sa.Column(sa.Integer, primary_key=True)
    colour = sa.Column(sa.String(12))
    radius = sa.Column(sa.Float)
    __mapper_args__ = {"polymorphic_identity": "circle", "concrete": True}


class Animal(AbstractConcreteBase, Base):
    strict_attrs = True
    name = sa.Column(sa.String(30))


class Cat(Animal):
    __tablename__ = "cat"
    id = sa.Column(sa.Integer, primary_key=True)
    lives = sa.Column(sa.Integer)
    __mapper_args__ = {"polymorphic_identity": "cat", "concrete": True}
