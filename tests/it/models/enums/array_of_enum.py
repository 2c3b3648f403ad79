import enum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, declarative_base, mapped_column

Base = declarative_base()


class Right(enum.Enum):
    READ = "read"
    WRITE = "write"


class Door(Base):
    __tablename__ = "door"

    id = sa.Column(sa.Integer, primary_key=True)
    rights = sa.Column(sa.ARRAY(sa.Enum(Right)))
    more = sa.Column(postgresql.ARRAY(sa.Enum("k", "l", name="letter")))
    mapped: Mapped[list[Right]] = mapped_column(sa.ARRAY(sa.Enum(Right, name="right_again")))
