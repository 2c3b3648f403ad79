from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .. import base
from ..base import Base
from ..types import intpk, title
from ..user import User

post_tags = Table("post_tags", Base.metadata, Column("post_id", ForeignKey("post.id")), Column("user_id", ForeignKey(User.id)))


class Post(base.Base):
    __tablename__ = "post"
    id: Mapped[intpk]
    title: Mapped[title]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User] = relationship(back_populates="posts")
