import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

SCHEMA = "warehouse"


def base(schema):
    return declarative_base(metadata=sa.MetaData(schema=schema))


Base = base(SCHEMA)


class Shelf(Base):
    __tablename__ = "shelf"
    __table_args__ = {"comment": f"of {SCHEMA}"}
    id = sa.Column(sa.Integer, primary_key=True)
    parent = sa.Column(sa.ForeignKey(f"{SCHEMA}.shelf.id"))
