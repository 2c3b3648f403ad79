import sqlalchemy as sa
from sqlalchemy.ext.declarative import declarative_base

Base = declarative_base()


class Parcel(Base):
    __tablename__ = "parcel"

    id = sa.Column(sa.BigInteger, primary_key=True, autoincrement=True)
    weight = sa.Column(sa.Float)
    code = sa.Column("tracking_code", sa.String(length=12), nullable=False)
    payload = sa.Column(sa.LargeBinary())
    sent = sa.Column(sa.Date())
