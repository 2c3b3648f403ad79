from sqlmodel import Field, SQLModel


class HeroBase(SQLModel):
    name: str = Field(index=True)
    power: str | None = Field(default=None, max_length=9, unique=True)
    age: int | None = None


class Hero(HeroBase, table=True):
    id: int | None = Field(default=None, primary_key=True)


class HeroPublic(HeroBase):
    id: int
