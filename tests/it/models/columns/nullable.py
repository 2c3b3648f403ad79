import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Rules(Base):
    __tablename__ = "rules"

    a = sa.Column(sa.Integer, primary_key=True)
    b = sa.Column(sa.Integer, primary_key=True, nullable=False)
    c = sa.Column(sa.Integer, nullable=not False)
    d = sa.Column(sa.Integer, nullable=bool(0))
    e = sa.Column(sa.Integer, default=3)
    f = sa.Column(sa.Integer, server_default="3")
    g = sa.Column(sa.Integer, nullable=False, server_default=sa.text("0"))
    h = sa.Column(sa.Integer, unique=True)
