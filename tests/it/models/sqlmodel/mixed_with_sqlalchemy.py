# metadata: SQLModel.metadata
import sqlalchemy as sa
from sqlmodel import Field, SQLModel
from sqlmodel import Column, ForeignKey, Integer, String, Table

link = Table(
    "link",
    SQLModel.metadata,
    Column("a_id", Integer, ForeignKey("a.id"), primary_key=True),
    Column("name", String(4)),
)


class A(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("a.id"), index=True, nullable=False))
