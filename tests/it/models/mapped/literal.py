from typing import Literal, Optional

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Status = Literal["pending", "received", "completed"]


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[Status]
    size: Mapped[Literal["s", "xl"]] = mapped_column(default="s")
    mood: Mapped[Optional[Literal["good", "bad"]]]
