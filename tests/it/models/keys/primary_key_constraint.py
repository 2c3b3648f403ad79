import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Tag(Base):
    __tablename__ = "tags"

    key = sa.Column(sa.String(250))
    value = sa.Column(sa.String(5000))
    run_uuid = sa.Column(sa.String(32), sa.ForeignKey("run.id"))

    __table_args__ = (sa.PrimaryKeyConstraint("key", "run_uuid", name="tag_pk"),)


class Run(Base):
    __tablename__ = "run"
    id = sa.Column(sa.String(32))
    name = sa.Column(sa.String)
    __table_args__ = (sa.PrimaryKeyConstraint("id"),)


class Number(Base):
    __tablename__ = "number"
    n = sa.Column(sa.Integer)
    __table_args__ = (sa.PrimaryKeyConstraint(n, name="number_pk"),)
