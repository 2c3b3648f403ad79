import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column


class Base(DeclarativeBase):
    pass


class HasArea:
    area: Mapped[int | None]

    @declared_attr
    def unit(cls) -> Mapped[str | None]:
        return mapped_column(sa.String(5), use_existing_column=True)


class HasDepth:
    depth: Mapped[int]


class Site(Base):
    __tablename__ = "site"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "site"}


class Field(HasArea, Site):
    crop: Mapped[str | None]
    __mapper_args__ = {"polymorphic_identity": "field"}


class Lake(HasDepth, Site):
    __tablename__ = "lake"
    id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), primary_key=True)
    __mapper_args__ = {"polymorphic_identity": "lake"}


class Pond(Lake):
    fish: Mapped[int | None]
    __mapper_args__ = {"polymorphic_identity": "pond"}
