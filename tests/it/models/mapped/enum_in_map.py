import enum
import typing
from typing import Literal

from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class State(enum.Enum):
    open = "o"
    closed = "c"


class Kind(enum.Enum):
    one = 1
    three = 3


class Base(DeclarativeBase):
    type_annotation_map = {
        enum.Enum: Enum(enum.Enum, native_enum=False, length=20),
        State: Enum(State, name="issue_state", values_callable=lambda kinds: [kind.value for kind in kinds]),
    }


class Issue(Base):
    __tablename__ = "issue"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[State]
    kind: Mapped[Kind]
