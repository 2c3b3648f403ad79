import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.orm import declarative_base

Base = declarative_base()
BigKey = sa.BigInteger().with_variant(sa.Integer, "sqlite")
AnyJSON = postgresql.JSON().with_variant(sa.JSON(), "sqlite")
MutableJSON = MutableDict.as_mutable(sa.JSON)


class Varied(Base):
    __tablename__ = "varied"

    id = sa.Column(BigKey, primary_key=True)
    a = sa.Column(sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql"))
    b = sa.Column(sa.JSON().with_variant(postgresql.JSONB, "postgresql"))
    c = sa.Column(sa.String(10).with_variant(sa.Text(), "postgresql", "oracle"), nullable=False)
    d = sa.Column(AnyJSON)
    e = sa.Column(MutableJSON)
    f = sa.Column(MutableList.as_mutable(postgresql.ARRAY(sa.Integer)))
    g = sa.Column(sa.LargeBinary(16).with_variant(sqlite.BLOB if hasattr(sqlite, "BLOB") else sa.BLOB, "sqlite"))
    h = sa.Column(sa.String().with_variant(mysql.VARCHAR(5), "mysql").with_variant(postgresql.VARCHAR(6), "postgresql"))
    i = sa.Column(MutableDict.as_mutable(postgresql.JSONB(astext_type=sa.Text())), server_default=sa.text("'{}'::jsonb"))
