import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import declarative_base

Base = declarative_base()


def make_code():
    return "x"


class Job(Base):
    __tablename__ = "job"

    id = sa.Column(postgresql.UUID(as_uuid=True), primary_key=True, default=uuid.uuid4)
    other = sa.Column(postgresql.UUID(as_uuid=True), server_default=sa.text("gen_random_uuid()"))
    code = sa.Column(sa.String(20), default=make_code, nullable=False)
    made = sa.Column(sa.DateTime, default=datetime.datetime.utcnow)
    changed = sa.Column(sa.DateTime, server_default=sa.func.now(), onupdate=sa.func.now())
    touched = sa.Column(sa.DateTime, server_default=sa.func.now(), server_onupdate=sa.FetchedValue())
    fetched = sa.Column(sa.Integer, server_default=sa.FetchedValue())
    state = sa.Column(sa.String(10), server_default="new", nullable=False)
    tries = sa.Column(sa.Integer, default=0, server_default="0", nullable=False)
    on = sa.Column(sa.Boolean, server_default=sa.true())
    off = sa.Column(sa.Boolean, server_default=sa.sql.expression.false())
    today = sa.Column(sa.Date, server_default=sa.func.current_date())
    plain = sa.Column(sa.DateTime(True), server_default=sa.sql.func.now())
    nothing = sa.Column(sa.Integer, server_default=None)
