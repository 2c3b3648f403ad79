import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, declared_attr


class Base(DeclarativeBase):
    @declared_attr.directive
    def __tablename__(cls):
        return cls.__name__.lower()

    id = sa.Column(sa.Integer, primary_key=True)


class Person(Base):
    type = sa.Column(sa.String(10))
    __mapper_args__ = {"polymorphic_on": "type"}


class Pupil(Person):
    __tablename__ = None
    grade = sa.Column(sa.Integer)
    __mapper_args__ = {"polymorphic_identity": "pupil"}


class Teacher(Person):
    id = sa.Column(sa.ForeignKey("person.id"), primary_key=True)
    subject = sa.Column(sa.String(20))
    __mapper_args__ = {"polymorphic_identity": "teacher"}
