import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Target(Base):
    __tablename__ = "target"
    id = sa.Column(sa.BigInteger, primary_key=True)


class Source(Base):
    __tablename__ = "source"
    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(sa.ForeignKey(Target.__tablename__ + ".id"))
    b = sa.Column(sa.ForeignKey(f"{Target.__tablename__}.id"))
    c = sa.Column(sa.ForeignKey("%s.%s" % (Target.__tablename__, "id")))
    d = sa.Column(sa.ForeignKey(Target.__table__.columns.id))
    e = sa.Column(sa.ForeignKey(Target.__table__.c["id"]))
    f = sa.Column(sa.ForeignKey(".".join([Target.__tablename__, "id"])))
