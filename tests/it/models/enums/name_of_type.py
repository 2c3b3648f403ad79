import enum

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class HTTPMethod(enum.Enum):
    GET = 1
    POST = 2


class payment_state(enum.Enum):
    due = 1


class Request(Base):
    __tablename__ = "request"

    id = sa.Column(sa.Integer, primary_key=True)
    method = sa.Column(sa.Enum(HTTPMethod))
    state = sa.Column(sa.Enum(payment_state))
    mixed = sa.Column(sa.Enum(HTTPMethod, name="HttpMethod"))
