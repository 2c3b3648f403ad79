from sqlalchemy import Integer, String
from sqlalchemy.orm import declarative_base

try:
    from sqlalchemy.orm import mapped_column

    _Column = mapped_column
except ImportError:
    from sqlalchemy import Column as _Column

Base = declarative_base()


class Study(Base):
    __tablename__ = "studies"

    study_id = _Column(Integer, primary_key=True)
    study_name = _Column(String(512), index=True, unique=True, nullable=False)
