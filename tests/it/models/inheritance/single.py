import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declarative_base, mapped_column

Base = declarative_base()


class Employee(Base):
    __tablename__ = "employee"
    id = sa.Column(sa.Integer, primary_key=True)
    type = sa.Column(sa.String(20))
    __mapper_args__ = {"polymorphic_on": type, "polymorphic_identity": "employee"}


class Manager(Employee):
    grade = sa.Column(sa.Integer, index=True)
    __mapper_args__ = {"polymorphic_identity": "manager"}


class Director(Manager):
    bonus = sa.Column(sa.Numeric(8, 2), nullable=False)
    __mapper_args__ = {"polymorphic_identity": "director"}


class Clerk(Employee):
    desk: Mapped[str]
    chair: Mapped[str | None] = mapped_column(unique=True)
    boss_id = sa.Column(sa.ForeignKey("employee.id"))
    __mapper_args__ = {"polymorphic_identity": "clerk"}
