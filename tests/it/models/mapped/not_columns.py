from typing import TYPE_CHECKING, Any, ClassVar, List, Optional

from sqlalchemy import ForeignKey
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase,
    DynamicMapped,
    Mapped,
    WriteOnlyMapped,
    column_property,
    mapped_column,
    query_expression,
    relationship,
    synonym,
)


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    alias: Mapped[str] = synonym("name")
    players: Mapped[List["Player"]] = relationship(back_populates="team")
    log: WriteOnlyMapped["Player"] = relationship(viewonly=True)
    dynamic: DynamicMapped["Player"] = relationship(viewonly=True)
    names: AssociationProxy[List[str]] = association_proxy("players", "name")
    counter: ClassVar[int] = 0
    registry_of: ClassVar[dict[str, Any]] = {}
    upper: Mapped[str] = column_property(name + "!")
    extra: Mapped[Optional[int]] = query_expression()

    if TYPE_CHECKING:
        never: Mapped[str]

    @hybrid_property
    def size(self) -> int:
        return len(self.players)


class Player(Base):
    __tablename__ = "player"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    team: Mapped["Team"] = relationship(back_populates="players")
    plain_team: Mapped[Optional[Team]] = relationship(viewonly=True)
