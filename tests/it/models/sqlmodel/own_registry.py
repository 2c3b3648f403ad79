from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Base(SQLModel, registry=registry()):
    pass


class Inside(Base, table=True):
    id: int = Field(primary_key=True)


class Outside(SQLModel, table=True):
    id: int = Field(primary_key=True)
