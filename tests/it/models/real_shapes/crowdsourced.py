"""Old code, as it was written for SQLAlchemy 1."""
from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, Table, Unicode, UnicodeText
from sqlalchemy.ext.declarative import declarative_base, declared_attr
from sqlalchemy.orm import backref, relationship
from sqlalchemy.orm.collections import attribute_mapped_collection
from sqlalchemy.schema import MetaData, UniqueConstraint

meta = MetaData()
Base = declarative_base(metadata=meta)


class Commentable(object):
    @declared_attr
    def comments_id(self):
        return Column(Integer, ForeignKey("comments.id"))

    @declared_attr
    def comments(self):
        return relationship("Comment", backref=backref("on_" + self.__tablename__))


class Comment(Base):
    __tablename__ = "comments"
    id = Column(Integer, primary_key=True)
    text = Column(UnicodeText, default=u"", nullable=False)
    spam = Column(Boolean(name="comment_is_spam"), default=False)
    score = Column(Float(asdecimal=True))


class MediaEntry(Commentable, Base):
    __tablename__ = "media"
    __table_args__ = (UniqueConstraint("slug", "uploader"), {})
    id = Column(Integer, primary_key=True)
    slug = Column(Unicode)
    uploader = Column(Integer, nullable=False, index=True)
    attachments = Table("attachments", meta, Column("id", Integer, primary_key=True), Column("media", None, ForeignKey("media.id")))
