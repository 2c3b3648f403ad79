import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    def __init_subclass__(cls, prefix="app", **kwargs):
        cls.prefix = prefix
        super().__init_subclass__(**kwargs)


class Thing(Base, prefix="other"):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)
