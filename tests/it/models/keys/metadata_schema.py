import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = sa.MetaData(schema="core")


class City(Base):
    __tablename__ = "city"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)


class Street(Base):
    __tablename__ = "street"
    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(sa.ForeignKey("city.id"))
    full_id: Mapped[int] = mapped_column(sa.ForeignKey("core.city.id"))


class Outside(Base):
    __tablename__ = "outside"
    __table_args__ = {"schema": "other"}
    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(sa.ForeignKey("core.city.id"))


class Nowhere(Base):
    __tablename__ = "nowhere"
    __table_args__ = {"schema": sa.schema.BLANK_SCHEMA}
    id: Mapped[int] = mapped_column(primary_key=True)
