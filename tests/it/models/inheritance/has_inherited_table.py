import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, declared_attr, has_inherited_table


class Base(DeclarativeBase):
    pass


class Named:
    @declared_attr.directive
    def __tablename__(cls):
        if has_inherited_table(cls):
            return None
        return cls.__name__.lower()


class HasId:
    @declared_attr.cascading
    def id(cls):
        if has_inherited_table(cls):
            return sa.Column(sa.ForeignKey("plant.id"), primary_key=True)
        return sa.Column(sa.Integer, primary_key=True)


class Building(Named, Base):
    id = sa.Column(sa.Integer, primary_key=True)
    type = sa.Column(sa.String)
    __mapper_args__ = {"polymorphic_on": type}


class Church(Building):
    tower = sa.Column(sa.Integer)
    __mapper_args__ = {"polymorphic_identity": "church"}


class Plant(HasId, Base):
    __tablename__ = "plant"


class Tree(Plant):
    __tablename__ = "tree"
