import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    __table_args__ = {"schema": "auth"}
    id = sa.Column(sa.Integer, primary_key=True)


class Plain(Base):
    __tablename__ = "plain"
    id = sa.Column(sa.Integer, primary_key=True)
    user_id = sa.Column(sa.ForeignKey("auth.users.id"))


class Session(Base):
    __tablename__ = "session"
    __table_args__ = {"schema": "auth"}
    id = sa.Column(sa.Integer, primary_key=True)
    user_id = sa.Column(sa.ForeignKey("auth.users.id", ondelete="CASCADE"), index=True)
    plain_id = sa.Column(sa.ForeignKey("plain.id"))
    other_id = sa.Column(sa.ForeignKey(User.id))
