import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
Small = type("Small", (Base,), {"__tablename__": "small", "id": sa.Column(sa.Integer, primary_key=True)})
Big = type(Base)("Big", (Small,), dict(__tablename__="big", id=sa.Column(sa.ForeignKey("small.id"), primary_key=True)))
