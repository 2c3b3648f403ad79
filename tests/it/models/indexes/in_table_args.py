import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, String, UniqueConstraint, desc, func, text
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Book(Base):
    __tablename__ = "book"

    id = Column(Integer, primary_key=True)
    isbn = Column(String(13))
    title = Column(String(200))
    year = Column(Integer)
    shelf = Column(Integer)

    __table_args__ = (
        Index("ix_book_title_year", "title", "year"),
        Index("ix_book_isbn", isbn, unique=True),
        Index("ix_book_lower_title", func.lower(title)),
        Index("ix_book_text", text("lower(title)")),
        Index("ix_book_desc", year.desc()),
        Index("ix_book_desc_too", desc("year"), "shelf"),
        Index("ix_book_nulls", year.desc().nullslast()),
        Index("ix_book_partial", "shelf", postgresql_where=shelf.is_not(None)),
        Index("ix_book_hash", "shelf", postgresql_using="hash"),
        Index("ix_book_ops", "title", postgresql_ops={"title": "text_pattern_ops"}),
        Index("ix_book_include", "shelf", postgresql_include=["year"]),
        Index(None, "shelf", "year"),
        UniqueConstraint("title", "year", name="uq_book_title_year"),
        UniqueConstraint("shelf", "year"),
        UniqueConstraint(isbn, shelf, name="uq_by_object"),
    )
