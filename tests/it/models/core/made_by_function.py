import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


def link(left, right, **extra):
    return sa.Table(
        f"{left}_{right}",
        Base.metadata,
        sa.Column(f"{left}_id", sa.Integer, sa.ForeignKey(f"{left}.id"), primary_key=True),
        sa.Column(f"{right}_id", sa.Integer, sa.ForeignKey(f"{right}.id"), primary_key=True),
        *[sa.Column(name, type_) for name, type_ in extra.items()],
    )


def model(name, **columns):
    body = {"__tablename__": name, "id": sa.Column(sa.Integer, primary_key=True), **columns}
    return type(name.title(), (Base,), body)


Book = model("book", title=sa.Column(sa.String(80), nullable=False))
Author = model("author")
book_author = link("book", "author", position=sa.SmallInteger)
