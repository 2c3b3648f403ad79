import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ENUM
from sqlalchemy.orm import declarative_base

Base = declarative_base()
STATES = ("open", "closed")
kind_type = sa.Enum("a", "b", name="kind")


class Shop(Base):
    __tablename__ = "shop"

    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(sa.Enum("x", "y", name="letters"), nullable=False)
    b = sa.Column(sa.Enum(*STATES, name="shop_state"))
    c = sa.Column(postgresql.ENUM("p", "q", name="pq"))
    d = sa.Column(ENUM("r", "s", name="rs", create_type=True))
    e = sa.Column(kind_type)
    f = sa.Column(kind_type, server_default="a")
    g = sa.Column(sa.Enum("it's", "with space", "UPPER", name="Odd Name"))
    h = sa.Column(sa.Enum(*[f"v{i}" for i in range(3)], name="versions"))
    i = sa.Column(sa.types.Enum("t", "f", name="tf"))
