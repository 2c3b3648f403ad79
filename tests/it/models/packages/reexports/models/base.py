from sqlalchemy.orm import DeclarativeBase

from .types import intpk


class Base(DeclarativeBase):
    pass


class IdMixin:
    from sqlalchemy.orm import Mapped

    id: Mapped[intpk]
