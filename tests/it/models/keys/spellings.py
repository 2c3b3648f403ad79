import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Parent(Base):
    __tablename__ = "parent"

    id = Column(Integer, primary_key=True)
    code = Column(String(8), unique=True)
    a = Column(Integer)
    b = Column(Integer)
    __table_args__ = (sa.UniqueConstraint("a", "b"),)


class Child(Base):
    __tablename__ = "child"

    id = Column(Integer, primary_key=True)
    p1 = Column(Integer, ForeignKey("parent.id"))
    p2 = Column(ForeignKey("parent.id"), nullable=False)
    p3 = Column(Integer, ForeignKey(Parent.id, ondelete="CASCADE"))
    p4 = Column(Integer, ForeignKey(Parent.__table__.c.id, onupdate="CASCADE", ondelete="SET NULL"))
    p5 = Column(None, ForeignKey("parent.id", name="fk_child_p5"))
    p6 = Column(ForeignKey("parent.code", ondelete="RESTRICT"))
    p7 = Column("seventh", Integer, ForeignKey(column="parent.id", ondelete="NO ACTION"))
    p8 = Column(Integer, ForeignKey("parent.id", deferrable=True, initially="DEFERRED"))
    p9 = Column(Integer, ForeignKey("parent.id", ondelete="set default"), server_default="1")
    q1 = Column(Integer)
    q2 = Column(Integer)

    __table_args__ = (
        ForeignKeyConstraint(["q1", "q2"], ["parent.a", "parent.b"], ondelete="CASCADE"),
        ForeignKeyConstraint([q1], [Parent.id], name="fk_child_q1"),
        ForeignKeyConstraint(columns=["q2"], refcolumns=["parent.id"], onupdate="SET NULL"),
    )
