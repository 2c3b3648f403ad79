import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Odd(Base):
    __tablename__ = "odd"

    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(postgresql.ARRAY(postgresql.UUID(as_uuid=True)))
    b = sa.Column(postgresql.ARRAY(sa.DateTime(timezone=True), as_tuple=True))
    c = sa.Column(sa.ARRAY(sa.Numeric(5, 2)), server_default="{}")
    d = sa.Column(sa.Interval(second_precision=3))
    e = sa.Column(sa.Interval(native=False))
    g = sa.Column(sa.Enum("z", native_enum=False, length=4))
    h = sa.Column(postgresql.REGCLASS)
    i = sa.Column(postgresql.CITEXT if False else postgresql.TSQUERY)
