import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, CIDR, HSTORE, INET, INT4RANGE, JSONB, MACADDR, TSTZRANGE, TSVECTOR
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Host(Base):
    __tablename__ = "hosts"

    id = sa.Column(postgresql.UUID(as_uuid=True), primary_key=True)
    other_id = sa.Column(postgresql.UUID)
    address = sa.Column(INET, nullable=False)
    network = sa.Column(CIDR)
    mac = sa.Column(MACADDR)
    facts = sa.Column(JSONB, nullable=False, server_default="{}")
    raw = sa.Column(postgresql.JSON)
    tags = sa.Column(ARRAY(sa.String(30)))
    grid = sa.Column(ARRAY(sa.Integer, dimensions=2))
    blob = sa.Column(BYTEA)
    search = sa.Column(TSVECTOR)
    span = sa.Column(TSTZRANGE)
    numbers = sa.Column(INT4RANGE())
    seen = sa.Column(postgresql.TIMESTAMP(timezone=True, precision=3))
    at = sa.Column(postgresql.TIME(precision=0))
    lasts = sa.Column(postgresql.INTERVAL(fields="DAY TO SECOND", precision=2))
    flags = sa.Column(postgresql.BIT(4))
    more_flags = sa.Column(postgresql.BIT(8, varying=True))
    price = sa.Column(postgresql.MONEY)
    oid = sa.Column(postgresql.OID)
    ratio = sa.Column(postgresql.DOUBLE_PRECISION)
    word = sa.Column(postgresql.CHAR(2))
    number = sa.Column(postgresql.BIGINT)
    ranges = sa.Column(postgresql.INT8MULTIRANGE)
