from core.database import Base
from core import constants as c
from core.columns import name_column
import core.enums
import core.enums as kinds
from sqlalchemy import Column, Enum, Integer, String


class Vocabulary(Base):
    __tablename__ = "vocabulary"
    id = Column(Integer, primary_key=True)
    name = name_column()
    short = Column(String(c.SHORT))
    double = Column(String(c.Limits.DOUBLE), nullable=False)
    kind = Column(Enum(core.enums.Kind))
    other = Column(Enum(kinds.Kind, name="other_kind"))
