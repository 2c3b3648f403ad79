"""All models."""
from .base import Base
from .user import User
from .blog.post import Post, post_tags

__all__ = ["Base", "Post", "User", "post_tags"]
