import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
_log = sa.Table("log", Base.metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("line", sa.Text))


class Log(Base):
    __table__ = _log


class Audit(Base):
    __table__ = sa.Table(
        "audit",
        Base.metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("log_id", sa.ForeignKey(Log.id)),
    )
    word = "audit"


class Trail(Base):
    metadata = Base.metadata
    __tablename__ = "trail"
    __table_args__ = {"info": {"skip": False}}
    audit_id = sa.Column(sa.ForeignKey(Audit.__table__.c.id), primary_key=True)
