import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Item(Base):
    __tablename__ = "item"
    __table_args__ = {"schema": "depot"}

    id = sa.Column(sa.Integer, primary_key=True)
    plain = sa.Column(sa.Enum("x", name="plain_kind"))
    inherits = sa.Column(sa.Enum("y", name="inherited_kind", inherit_schema=True))
