from .db import *


class One(Base):
    __tablename__ = "one"
    id = Column(Integer, primary_key=True)
    text = Column(String(Size))
