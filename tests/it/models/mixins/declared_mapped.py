from typing import Optional

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship


class Base(DeclarativeBase):
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower()

    id: Mapped[int] = mapped_column(primary_key=True)


class Company(Base):
    name: Mapped[str]


class InCompany:
    @declared_attr
    def company_id(cls) -> Mapped[int]:
        return mapped_column(sa.ForeignKey("company.id"))

    @declared_attr
    def former_id(cls) -> Mapped[Optional[int]]:
        return mapped_column(sa.ForeignKey("company.id"), index=True)

    @declared_attr
    def company(cls) -> Mapped[Company]:
        return relationship(Company, foreign_keys=[cls.company_id])

    @declared_attr
    def title(cls) -> Mapped[Optional[str]]:
        return mapped_column(sa.String(len(cls.__name__)))


class Worker(InCompany, Base):
    pass


class Machine(InCompany, Base):
    kind: Mapped[str]
