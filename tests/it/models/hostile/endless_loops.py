import itertools

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
while True:
    sa.Table("t", Base.metadata, sa.Column("id", sa.Integer))
    Base = Base

for number in itertools.count():
    type(f"C{number}", (Base,), {"__tablename__": f"t{number}", "id": sa.Column(sa.Integer, primary_key=True)})


def deeper(n):
    return deeper(n + 1)


class A(Base):
    __tablename__ = deeper(0)
    id = sa.Column(sa.Integer, primary_key=True)
