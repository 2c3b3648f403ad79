import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Everything(Base):
    __tablename__ = "everything"

    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(sa.SmallInteger)
    b = sa.Column(sa.BigInteger())
    c = sa.Column(sa.Numeric(10, 2))
    d = sa.Column(sa.Numeric)
    e = sa.Column(sa.Numeric(precision=8))
    f = sa.Column(sa.Float(24))
    g = sa.Column(sa.Float(precision=53))
    h = sa.Column(sa.Double)
    i = sa.Column(sa.Unicode(40))
    j = sa.Column(sa.UnicodeText)
    k = sa.Column(sa.Time)
    m = sa.Column(sa.Time(timezone=True))
    n = sa.Column(sa.DateTime(timezone=True))
    o = sa.Column(sa.Interval)
    p = sa.Column(sa.PickleType)
    q = sa.Column(sa.JSON)
    r = sa.Column(sa.Uuid)
    s = sa.Column(sa.Uuid(as_uuid=False))
    t = sa.Column(sa.Uuid(native_uuid=False))
    u = sa.Column(sa.ARRAY(sa.Integer))
    v = sa.Column(sa.ARRAY(sa.String(10), dimensions=2))
    w = sa.Column(sa.Boolean())
