from sqlalchemy import Column, ForeignKey, Integer

from . import a


class B(a.Base):
    __tablename__ = "b"
    id = Column(Integer, primary_key=True)
    kind_of = Column(Integer, ForeignKey(a.A.id, use_alter=True))
