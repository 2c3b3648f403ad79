import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
Base.metadata.naming_convention = {
    "ix": "i_%(table_name)s_%(column_0_name)s",
    "uq": "u_%(table_name)s_%(column_0_name)s",
    "fk": "f_%(table_name)s_%(column_0_name)s",
    "pk": "p_%(table_name)s",
}


class Thing(Base):
    __tablename__ = "thing"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20), unique=True)
    parent = sa.Column(sa.ForeignKey("thing.id"), index=True)
