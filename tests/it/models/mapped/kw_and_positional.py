from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, String, UniqueConstraint
from sqlalchemy import orm
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Spelled(Base):
    __tablename__ = "spelled"

    id: orm.Mapped[int] = orm.mapped_column("key", BigInteger, Identity(), primary_key=True)
    a: orm.Mapped[str] = orm.mapped_column(String(5), ForeignKey("other.name"), index=True)
    b: orm.Mapped[int] = orm.mapped_column("bee", ForeignKey("spelled.key", ondelete="CASCADE"), nullable=True)
    c: orm.Mapped["str"] = orm.mapped_column("sea", unique=True)
    __table_args__ = (Index("ix_spelled", "bee", "sea"), UniqueConstraint("bee"))


class Other(Base):
    __tablename__ = "other"
    name: orm.Mapped[str] = orm.mapped_column(primary_key=True)
