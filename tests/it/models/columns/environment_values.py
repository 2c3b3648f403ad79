import os

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base(metadata=sa.MetaData(schema=os.environ.get("APP_SCHEMA_NOBODY_SETS")))
LENGTH = int(os.environ.get("APP_LENGTH_NOBODY_SETS", "33"))
# may be unknown


class Env(Base):
    __tablename__ = "env"
    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(sa.String(LENGTH))
    b = sa.Column(sa.String(4))
