import typing
from typing import Literal

from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Status = Literal["open", "shut", "abandoned"]


class Base(DeclarativeBase):
    type_annotation_map = {Status: Enum("open", "shut", "abandoned", name="door_status")}


class Door(Base):
    __tablename__ = "door"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[Status]
