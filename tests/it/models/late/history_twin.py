import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


def history_of(cls):
    columns = [sa.Column("changed_at", sa.DateTime, nullable=False)]
    for column in cls.__table__.columns:
        columns.append(sa.Column(column.name, column.type, primary_key=column.primary_key, nullable=column.nullable))
    return sa.Table(cls.__tablename__ + "_history", Base.metadata, *columns)


class Price(Base):
    __tablename__ = "price"
    id = sa.Column(sa.Integer, primary_key=True)
    amount = sa.Column(sa.Numeric(6, 2), nullable=False)


price_history = history_of(Price)
# may be unknown
