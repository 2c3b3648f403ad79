import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declarative_base, mapped_column

Base = declarative_base()
shared = sa.Column("first_made", sa.Integer)


class Sorted(Base):
    __tablename__ = "sorted_ones"

    z = sa.Column(sa.Integer, primary_key=True)
    last = mapped_column(sa.Integer, sort_order=10)
    early = mapped_column(sa.Integer, sort_order=-1)
    bare: Mapped[int]
    b = sa.Column(sa.Integer)
    a = sa.Column(sa.Integer)
    s = shared
