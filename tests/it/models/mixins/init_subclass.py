import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    def __init_subclass__(cls, **kwargs):
        if "__tablename__" not in cls.__dict__:
            cls.__tablename__ = cls.__name__.lower()
        super().__init_subclass__(**kwargs)


class Star(Base):
    id: Mapped[int] = mapped_column(primary_key=True)


class Comet(Base):
    __tablename__ = "comets"
    id: Mapped[int] = mapped_column(primary_key=True)
