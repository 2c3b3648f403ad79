from .b import *
from . import *


class A(Base):
    __tablename__ = "a"
    id = Column(Integer, primary_key=True)
