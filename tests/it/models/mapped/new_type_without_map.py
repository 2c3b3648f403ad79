from typing import NewType

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Slug = NewType("Slug", str)


class Base(DeclarativeBase):
    pass


class Page(Base):
    __tablename__ = "pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[Slug]
