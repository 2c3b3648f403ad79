import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declarative_base, mapped_column

Base = declarative_base()


class Visit(Base):
    __tablename__ = "visit"

    id = sa.Column(sa.Integer, primary_key=True, index=True)
    a = sa.Column(sa.Integer, index=True)
    b = sa.Column(sa.Integer, unique=True)
    c = sa.Column(sa.Integer, index=True, unique=True)
    d: Mapped[str] = mapped_column(index=True)
    e: Mapped[str] = mapped_column(unique=True, index=False)
    f = sa.Column("dbname", sa.Integer, index=True)
    g = sa.Column(sa.Integer, index=False, unique=False)
    h = sa.Column("keyed", sa.Integer, key="kk", index=True)
