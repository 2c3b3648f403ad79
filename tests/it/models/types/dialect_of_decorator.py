import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import declarative_base
from sqlalchemy.types import TypeDecorator

Base = declarative_base()


class Timestamp(TypeDecorator):
    impl = sa.TIMESTAMP(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True, precision=3))
        elif dialect.name == "sqlite":
            return dialect.type_descriptor(sa.DateTime())
        else:
            return dialect.type_descriptor(sa.TIMESTAMP(timezone=True))


class JSON(TypeDecorator):
    impl = postgresql.JSONB

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(
            postgresql.JSONB(none_as_null=True) if dialect.name == "postgresql" else sa.JSON(none_as_null=True)
        )


class Dictionary(TypeDecorator):
    impl = sa.String

    def load_dialect_impl(self, dialect):
        variants = {"postgresql": sa.Text(), "mysql": sa.String(100)}
        return dialect.type_descriptor(variants.get(dialect.name, self.impl))


class Event(Base):
    __tablename__ = "event"

    id = sa.Column(sa.Integer, primary_key=True)
    at = sa.Column(Timestamp, nullable=False)
    data = sa.Column(JSON)
    words = sa.Column(Dictionary)
