# metadata: SQLModel.metadata
from typing import Optional

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Stamps(SQLModel):
    created: Optional[str] = Field(default=None, index=True)


class WithId(SQLModel):
    id: Optional[int] = Field(default=None, primary_key=True)


class HeroBase(SQLModel):
    name: str = Field(index=True)
    age: Optional[int] = None


class Hero(WithId, HeroBase, Stamps, table=True):
    __tablename__ = "heroes"
    __table_args__ = (sa.UniqueConstraint("name", "age", name="uq_hero"), {"comment": "the good"})

    secret: str


class Villain(HeroBase, WithId, table=True):
    name: str = Field(max_length=40, unique=True)
    hero_id: Optional[int] = Field(default=None, foreign_key="heroes.id")


class HeroUpdate(SQLModel):
    name: Optional[str] = None


class HeroTeamLink(SQLModel, table=True):
    hero_id: int | None = Field(default=None, foreign_key="heroes.id", primary_key=True)
    villain_id: int | None = Field(default=None, foreign_key="villain.id", primary_key=True)
