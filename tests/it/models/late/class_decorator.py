import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


def registered(cls):
    cls.is_registered = True
    return cls


def with_stamp(name):
    def decorate(cls):
        setattr(cls, name, sa.Column(sa.DateTime))
        return cls

    return decorate


@registered
@with_stamp("seen_at")
class Thing(Base):
    __tablename__ = "thing"
    id = sa.Column(sa.Integer, primary_key=True)
