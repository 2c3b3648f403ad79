from sqlalchemy import Column, Index, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Trace(Base):
    __tablename__ = "trace"

    id = Column(Integer, primary_key=True)
    run = Column(String(32))
    status = Column(String(8))

    __table_args__ = (
        Index(f"index_{__tablename__}_run", "run"),
        Index("index_%s_status" % __tablename__, "status"),
        Index("index_{}_both".format(__tablename__), "run", "status"),
        Index("index_" + __tablename__ + "_back", "status", "run"),
    )
