from sqlalchemy import (
    BIGINT,
    BINARY,
    BOOLEAN,
    CHAR,
    DATE,
    DECIMAL,
    DOUBLE,
    DOUBLE_PRECISION,
    FLOAT,
    INT,
    INTEGER,
    JSON,
    NUMERIC,
    REAL,
    SMALLINT,
    TEXT,
    TIME,
    TIMESTAMP,
    UUID,
    VARCHAR,
    Column,
)
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Upper(Base):
    __tablename__ = "upper_case"

    id = Column(INTEGER, primary_key=True)
    a = Column(BIGINT)
    b = Column(BOOLEAN)
    c = Column(CHAR(3))
    d = Column(CHAR)
    e = Column(DATE)
    f = Column(DECIMAL(12, 4))
    g = Column(DOUBLE_PRECISION)
    h = Column(FLOAT)
    i = Column(INT)
    j = Column(JSON)
    k = Column(NUMERIC(5))
    m = Column(REAL)
    n = Column(SMALLINT)
    o = Column(TEXT)
    p = Column(TIME)
    q = Column(TIMESTAMP)
    r = Column(TIMESTAMP(timezone=True))
    s = Column(UUID)
    t = Column(VARCHAR(20))
    u = Column(VARCHAR)
