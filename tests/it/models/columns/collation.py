import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Term(Base):
    __tablename__ = "term"

    id = sa.Column(sa.Integer, primary_key=True)
    word = sa.Column(sa.String(40, collation="C"), nullable=False)
    meaning = sa.Column(sa.Text(collation="C"))
    letter = sa.Column(sa.Unicode(1, "C"))
