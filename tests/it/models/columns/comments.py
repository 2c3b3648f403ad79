import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declarative_base, mapped_column

Base = declarative_base()


class Noted(Base):
    __tablename__ = "noted"
    __table_args__ = {"comment": "What was noted"}

    id = sa.Column(sa.Integer, primary_key=True, comment="number")
    text = sa.Column(sa.Text, comment="it's " "said")
    doc = sa.Column(sa.Text, doc="not a comment")
    other: Mapped[str] = mapped_column(comment=f"the {__tablename__} one")
    none = sa.Column(sa.Text, comment=None)


class Tail(Base):
    __tablename__ = "tail"
    __table_args__ = (sa.UniqueConstraint("code"), {"comment": """Several
lines"""})

    id = sa.Column(sa.Integer, primary_key=True)
    code = sa.Column(sa.String(4))
