import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class ShortText(sa.String):
    def __init__(self, length=20, **kwargs):
        super().__init__(length=length, **kwargs)


class Money(sa.Numeric):
    pass


class Counted(sa.Integer):
    """A number."""


class Sub(Base):
    __tablename__ = "sub"

    id = sa.Column(Counted, primary_key=True)
    a = sa.Column(ShortText)
    b = sa.Column(ShortText())
    c = sa.Column(ShortText(5))
    d = sa.Column(Money(5, 1))
    e = sa.Column(Money)
