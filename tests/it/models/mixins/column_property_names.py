import sqlalchemy as sa
from sqlalchemy.orm import Mapped, column_property, declarative_base, declared_attr, deferred, mapped_column

Base = declarative_base()


class Text:
    @declared_attr
    def body(cls):
        return deferred(sa.Column("body_text", sa.Text, nullable=False))

    @declared_attr
    def size(cls):
        return column_property(sa.Column(sa.Integer))

    @declared_attr
    def upper(cls):
        return column_property(sa.func.upper(sa.literal("x")))


class Note(Text, Base):
    __tablename__ = "note"
    id = sa.Column(sa.Integer, primary_key=True)
