import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
USE_TEXT = True
LIMIT = None


class Choice(Base):
    __tablename__ = "choice"
    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(sa.Text if USE_TEXT else sa.String(5))
    b = sa.Column(sa.String(LIMIT or 40))
    c = sa.Column(sa.Integer, nullable=USE_TEXT and LIMIT is None)
    d = (lambda length: sa.Column(sa.String(length)))(9)
    e = sa.Column(getattr(sa, "BigInteger"))
