"""Tables with a word after each column."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Integer, String, UnicodeText
from sqlalchemy.orm import backref, declarative_base, relationship

Base = declarative_base()


class Run(Base):
    """A run."""

    __tablename__ = "runs"

    run_uuid = Column(String(32), nullable=False)
    """
    Its id: `String` (limit 32 characters). *Primary key*.
    """
    name = Column(String(250))
    """
    Its name.
    """
    __mapper_args__ = {"primary_key": [run_uuid]}


class Metric(Base):
    """A number."""

    __tablename__ = "metrics"

    key = Column(String(250), primary_key=True)
    """The key."""
    value = Column(Float, nullable=False)
    """The value."""
    step = Column(BigInteger, default=0, nullable=False)
    run_uuid = Column(String(32))
    other = Column(Integer, ForeignKey("numbers.id"))
    words = Column(UnicodeText)
    number = relationship("Number", backref=backref("metrics", cascade="all"))


class Number(Base):
    __tablename__ = "numbers"
    id = Column(Integer, primary_key=True)
