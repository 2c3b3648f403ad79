import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
OldBase = declarative_base()


class Run(Base):
    __tablename__ = "run"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.Text)


class OldRun(OldBase):
    __tablename__ = "run"
    id = sa.Column(sa.String(32), primary_key=True)


class Gone(OldBase):
    __tablename__ = "gone"
    id = sa.Column(sa.Integer, primary_key=True)
