import enum
import json

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, DateTime, Enum, ForeignKey, Integer, MetaData, Table, Unicode
from sqlalchemy.orm import declarative_base, declared_attr, relationship
from sqlalchemy.types import LargeBinary, Text, TypeDecorator


class JSONDict(TypeDecorator):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value and json.dumps(value)


class JSONList(JSONDict):
    def process_result_value(self, value, dialect):
        return value or []


meta = MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "fk": "fk_%(table_name)s_%(referred_table_name)s"})
Base = declarative_base(metadata=meta)
Base.log = None


class Expiring:
    """Is gone one day."""

    expires_at = None
    prune_query = None

    @classmethod
    def now(cls):
        return None


class Hashed(Expiring):
    prefix_length = 4

    @property
    def token(self):
        raise AttributeError

    def match(self, token):
        return False


class GrantType(enum.Enum):
    authorization_code = "authorization_code"
    refresh_token = "refresh_token"


class OAuthCode(Expiring, Base):
    __tablename__ = "oauth_codes"
    id = Column(Integer, primary_key=True, autoincrement=True)
    expires_at = Column(Integer)
    grant = Column(Enum(GrantType), nullable=False)
    scopes = Column(JSONList, default=[])


class Token(Hashed, Base):
    __tablename__ = "tokens"

    @declared_attr
    def user_id(cls):
        return Column(Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=True)

    id = Column(Integer, primary_key=True)
    hashed = Column(Unicode(255), unique=True)
    prefix = Column(Unicode(16), index=True)
    created = Column(DateTime, default=None)
    note = Column(Unicode(1023))


user_group_map = Table(
    "user_group_map",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
)


class Group(Base):
    __tablename__ = "groups"
    id = Column(Integer, primary_key=True)
    name = Column(Unicode(255), unique=True)
    properties = Column(JSONDict, default={})
    users = relationship("User", secondary="user_group_map")


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    cookie_id = Column(Unicode(255), nullable=False, unique=True)
    auth = Column(LargeBinary)
    admin = Column(Boolean(create_constraint=False), default=False)
