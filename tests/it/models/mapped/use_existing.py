from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "person"}


class Engineer(Person):
    start: Mapped[str] = mapped_column(String(10), nullable=True, use_existing_column=True)
    __mapper_args__ = {"polymorphic_identity": "engineer"}


class Manager(Person):
    start: Mapped[str] = mapped_column(String(10), nullable=True, use_existing_column=True)
    __mapper_args__ = {"polymorphic_identity": "manager"}
