from sqlalchemy import Column, Integer, String

from .base import Base


class Mixin:
    code = Column(String(3))


class Item(Mixin, Base):
    __tablename__ = "shop_item"
    id = Column(Integer, primary_key=True)
