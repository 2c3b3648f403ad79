import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, declared_attr

Base = declarative_base()


def has_parent(target, length):
    class Mixin:
        parent_note = sa.Column(sa.String(length))

        @declared_attr
        def parent_id(cls):
            return sa.Column(sa.ForeignKey(f"{target}.id"), nullable=False)

    return Mixin


class Top(Base):
    __tablename__ = "top"
    id = sa.Column(sa.Integer, primary_key=True)


class Middle(has_parent("top", 12), Base):
    __tablename__ = "middle"
    id = sa.Column(sa.Integer, primary_key=True)


class Low(has_parent("middle", 34), Base):
    __tablename__ = "low"
    id = sa.Column(sa.Integer, primary_key=True)
