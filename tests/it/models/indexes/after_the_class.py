import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Person(Base):
    __tablename__ = "person"

    id = sa.Column(sa.Integer, primary_key=True)
    first = sa.Column("first_name", sa.String(30))
    last = sa.Column("last_name", sa.String(30))
    mail = sa.Column(sa.String)


sa.Index("ix_person_names", Person.last, Person.first)
by_mail = sa.Index("ix_person_mail", sa.func.lower(Person.mail), unique=True)
sa.Index("ix_person_table", Person.__table__.c.mail)
Person.__table__.append_constraint(sa.UniqueConstraint("first_name", "last_name", name="uq_person"))
