import sqlalchemy as sa
from sqlalchemy.ext.declarative import as_declarative, declared_attr


@as_declarative()
class Base:
    id = sa.Column(sa.Integer, primary_key=True)
    __name__: str

    @declared_attr
    def __tablename__(cls) -> str:
        return cls.__name__.lower()


class Plant(Base):
    name = sa.Column(sa.String(20))


class Leaf(Base):
    plant_id = sa.Column(sa.ForeignKey("plant.id"))
