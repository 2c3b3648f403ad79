import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class TSVector(sa.types.TypeDecorator):
    impl = TSVECTOR


class Page(Base):
    __tablename__ = "page"
    id = sa.Column(sa.Integer, primary_key=True)
    text = sa.Column(sa.Text)
    search = sa.Column(TSVector(), sa.Computed("to_tsvector('english', coalesce(text, ''))", persisted=True))
    __table_args__ = (sa.Index("ix_page_search", search, postgresql_using="gin"),)
