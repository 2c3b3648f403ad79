import enum

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Role(enum.Enum):
    """Who may do what."""

    ADMIN = "admin"
    ROOT = "admin"
    USER = "user"
    _ignore_ = ["temporary"]
    temporary = 1

    @property
    def title(self):
        return self.value.title()

    @classmethod
    def default(cls):
        return cls.USER

    def __str__(self):
        return self.value


@enum.unique
class Speed(int, enum.Enum):
    SLOW = 1
    FAST = 2

    @staticmethod
    def best():
        return Speed.FAST


class Grant(Base):
    __tablename__ = "grants"

    id = sa.Column(sa.Integer, primary_key=True)
    role = sa.Column(sa.Enum(Role), nullable=False, default=Role.default())
    speed = sa.Column(sa.Enum(Speed), server_default=Speed.SLOW.name)
