# metadata: SQLModel.metadata
import enum

from sqlalchemy import Column, Enum, MetaData
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Kind(enum.StrEnum):
    A = "a"
    B = "b"


class Thing(SQLModel, table=True):
    __table_args__ = {"schema": "app"}
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    parent_id: int | None = Field(default=None, foreign_key="app.thing.id", index=True)
    kind: Kind = Field(sa_column=Column(Enum(Kind, name="thing_kind", values_callable=lambda e: [x.value for x in e])))
