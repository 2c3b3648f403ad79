import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, declarative_mixin, declared_attr, relationship, synonym

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.BigInteger, primary_key=True)


@declarative_mixin
class Owned:
    @declared_attr
    def owner_id(cls):
        return sa.Column(sa.ForeignKey("users.id"), nullable=False, index=True)

    @declared_attr
    def owner(cls):
        return relationship(User, foreign_keys=[cls.owner_id])

    @declared_attr
    def editor_id(cls):
        return sa.Column("edited_by", sa.Integer, sa.ForeignKey("users.id", name=f"fk_{cls.__tablename__}_editor"))

    @declared_attr
    def editor_number(cls):
        return synonym("editor_id")

    @property
    def rubbish(self):
        return 1


class Note(Owned, Base):
    __tablename__ = "note"
    id = sa.Column(sa.Integer, primary_key=True)


class Picture(Base, Owned):
    __tablename__ = "picture"
    id = sa.Column(sa.Integer, primary_key=True)
