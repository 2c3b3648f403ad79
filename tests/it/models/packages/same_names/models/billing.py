from sqlalchemy import Column, Integer, Text

from .base import Base


class Mixin:
    note = Column(Text)


class Item(Mixin, Base):
    __tablename__ = "billing_item"
    id = Column(Integer, primary_key=True)
