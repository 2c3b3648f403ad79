import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declarative_base, mapped_column

Base = declarative_base()


class Timestamps:
    created_at = sa.Column(sa.DateTime, nullable=False, default=datetime.datetime.utcnow)
    updated_at = sa.Column(sa.DateTime, index=True)


class WithId:
    id: Mapped[int] = mapped_column(primary_key=True)


class Coded(object):
    code: Mapped[str] = mapped_column(sa.String(10), unique=True)


class User(Base, Timestamps, WithId):
    __tablename__ = "users"
    name = sa.Column(sa.String(20))


class Group(WithId, Timestamps, Coded, Base):
    __tablename__ = "groups"
    name = sa.Column(sa.String(30))
