from sqlalchemy import Column, Integer

from app.base import Base


class Used(Base):
    __tablename__ = "used"
    id = Column(Integer, primary_key=True)


def later():
    from app import imported_late

    return imported_late
