import functools

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
Required = functools.partial(sa.Column, nullable=False)
Short = functools.partial(sa.String, 20)


class Bill(Base):
    __tablename__ = "bill"

    id = sa.Column(sa.Integer, primary_key=True)
    number = Required(sa.String(30), unique=True)
    currency = Required(Short())
    remark = sa.Column(Short(), nullable=True)
