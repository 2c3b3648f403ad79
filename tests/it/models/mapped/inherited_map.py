from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    type_annotation_map = {str: Text()}


class Sub(Base):
    __abstract__ = True
    type_annotation_map = {str: String(3), int: BigInteger}


class Thing(Sub):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[str]
    b: Mapped[str | None] = mapped_column(String(9))
