from typing import Optional

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    iban: Mapped[str] = mapped_column(String(34), unique=True)


class Transfer(Base):
    __tablename__ = "transfer"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    target_id: Mapped[Optional[int]] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    iban: Mapped[str] = mapped_column(ForeignKey("account.iban"))
    reversed_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"))
    previous_id = mapped_column(ForeignKey("transfer.id"))
