import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
HUGE = "x" * 10**12
MANY = [HUGE] * 10**9
NUMBER = 10**10**10


class A(Base):
    __tablename__ = "a" * 100000
    id = sa.Column(sa.Integer, primary_key=True)
    b = sa.Column(sa.String(NUMBER))
    c = sa.Column(sa.String(-1))
    d = sa.Column(sa.String(2**64))
    e = sa.Column(HUGE, sa.Enum(*MANY))


for i in range(10**9):
    for j in range(10**9):
        setattr(A, f"c{i}{j}", sa.Column(sa.Integer))
