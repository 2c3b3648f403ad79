import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Pair(Base):
    __tablename__ = "pair"

    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(sa.Integer)
    b = sa.Column(sa.Integer)

    __table_args__ = (
        sa.UniqueConstraint("a", name="uq_deferred", deferrable=True, initially="DEFERRED"),
        sa.UniqueConstraint("b", name="uq_nulls", postgresql_nulls_not_distinct=True),
        sa.UniqueConstraint(*["a", "b"]),
    )
