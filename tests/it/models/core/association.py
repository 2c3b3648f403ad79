from sqlalchemy import Column, ForeignKey, Integer, PrimaryKeyConstraint, String, Table, UniqueConstraint
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()

post_tags = Table(
    "post_tags",
    Base.metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True),
)
likes = Table(
    "likes",
    Base.metadata,
    Column("post_id", Integer, ForeignKey("post.id")),
    Column("name", String(20)),
    UniqueConstraint("post_id", "name"),
)
seen = Table(
    "seen",
    Base.metadata,
    Column("post_id", ForeignKey("post.id"), nullable=False),
    Column("tag_id", ForeignKey("tag.id"), nullable=False),
    PrimaryKeyConstraint("post_id", "tag_id"),
)


class Post(Base):
    __tablename__ = "post"
    id = Column(Integer, primary_key=True)
    tags = relationship("Tag", secondary=post_tags)
    also = relationship("Tag", secondary="post_tags", viewonly=True)


class Tag(Base):
    __tablename__ = "tag"
    id = Column(String(8), primary_key=True)
