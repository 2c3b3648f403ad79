import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Log(Base):
    __tablename__ = "log"
    __table_args__ = (
        sa.UniqueConstraint("a", "b"),
        sa.Index(None, "b"),
        sa.Index("ix_named", "b", "a"),
        {"schema": "audit"},
    )

    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(sa.Integer, index=True)
    b = sa.Column(sa.Integer, unique=True)
