import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
ID_LENGTH = 250
COLLATION_ARGS = {}


def StringID(*, length=ID_LENGTH, **kwargs):
    return sa.String(length=length, **kwargs, **COLLATION_ARGS)


class Dag(Base):
    __tablename__ = "dag"

    dag_id = sa.Column(StringID(), primary_key=True)
    root_id = sa.Column(StringID())
    pool = sa.Column(StringID(length=50), nullable=False)
