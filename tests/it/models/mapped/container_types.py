from typing import Any, Optional

from sqlalchemy import ARRAY, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    type_annotation_map = {
        dict: JSONB,
        list[int]: ARRAY(Integer),
        Optional[str]: String(11),
        Any: JSONB,
    }


class Contains(Base):
    __tablename__ = "contains"

    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[dict]
    b: Mapped[list[int]]
    c: Mapped[Optional[list[int]]]
    d: Mapped[dict | None]
