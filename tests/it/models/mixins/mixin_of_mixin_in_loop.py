import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class One:
    one = sa.Column(sa.Integer)


class Two(One):
    two = sa.Column(sa.Integer, sa.CheckConstraint("two > 1"))


class Three(Two):
    three = sa.Column(sa.Integer, unique=True)


class Four(Three):
    pass


class Deep(Four, Base):
    __tablename__ = "deep"
    id = sa.Column(sa.Integer, primary_key=True)


class AlsoDeep(Base, Four):
    __tablename__ = "also_deep"
    id = sa.Column(sa.Integer, primary_key=True)
    one = sa.Column(sa.Text)
