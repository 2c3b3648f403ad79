from typing import Optional

from typing_extensions import Annotated, TypeAlias, TypeAliasType

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Name: TypeAlias = str
MaybeName = Optional[str]
Short = TypeAliasType("Short", Annotated[str, mapped_column(String(12))])
Key: TypeAlias = Annotated[int, mapped_column(primary_key=True)]


class Base(DeclarativeBase):
    pass


class Alias(Base):
    __tablename__ = "alias"

    id: Mapped[Key]
    a: Mapped[Name]
    b: Mapped[MaybeName]
    c: Mapped[Short]
