from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_as_dataclass, mapped_column, registry

reg = registry()
metadata = reg.metadata
# metadata: metadata


@reg.mapped_as_dataclass(unsafe_hash=True)
class Item:
    __tablename__ = "item"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str] = mapped_column(String(20))


@mapped_as_dataclass(reg, kw_only=True)
class Part:
    __tablename__ = "part"

    id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int | None] = mapped_column(default=None)
