import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class InTwo(Base):
    __tablename__ = "in_two"
    id = sa.Column(sa.Integer, primary_key=True)
