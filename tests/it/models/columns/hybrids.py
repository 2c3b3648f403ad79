import sqlalchemy as sa
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
from sqlalchemy.orm import declarative_base, relationship, validates

Base = declarative_base()


class Owner(Base):
    __tablename__ = "owner"

    id = sa.Column(sa.Integer, primary_key=True)
    _name = sa.Column("name", sa.String(50))
    pets = relationship("Pet", back_populates="owner")
    pet_names = association_proxy("pets", "name")
    LIMIT = 4
    columns_of_interest = ("name", "id")

    @hybrid_property
    def name(self):
        return self._name

    @name.setter
    def name(self, value):
        self._name = value

    @hybrid_method
    def is_called(self, name):
        return self._name == name

    @validates("_name")
    def check_name(self, key, value):
        return value

    @property
    def column(self):
        return sa.Column(sa.Integer)


class Pet(Base):
    __tablename__ = "pet"

    id = sa.Column(sa.Integer, primary_key=True)
    owner_id = sa.Column(sa.ForeignKey("owner.id"))
    name = sa.Column(sa.String(20))
    owner = relationship(Owner, back_populates="pets")
