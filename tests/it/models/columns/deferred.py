import sqlalchemy as sa
from sqlalchemy.orm import column_property, declarative_base, deferred, query_expression, synonym

Base = declarative_base()


class Report(Base):
    __tablename__ = "report"

    id = sa.Column(sa.Integer, primary_key=True)
    first = sa.Column(sa.String(20))
    last = sa.Column(sa.String(20))
    body = deferred(sa.Column(sa.Text, nullable=False))
    summary = deferred(sa.Column("short_text", sa.String(200)), group="text")
    size = column_property(sa.Column(sa.Integer, nullable=False))
    full = column_property(first + " " + last)
    alias = synonym("first")
    score = query_expression()
