import enum
from typing import Optional

from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Colour(enum.Enum):
    RED = "r"
    GREEN = "g"


class Size(str, enum.Enum):
    small = "S"
    large = "L"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Base(DeclarativeBase):
    pass


class Shirt(Base):
    __tablename__ = "shirt"

    id: Mapped[int] = mapped_column(primary_key=True)
    colour: Mapped[Colour]
    second: Mapped[Optional[Colour]]
    size: Mapped[Size] = mapped_column(default=Size.small)
    level: Mapped["Level | None"]
    named: Mapped[Size] = mapped_column(Enum(Size, name="shirt_size"))
