from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.orm import registry

mapper_registry = registry()
metadata = mapper_registry.metadata
# metadata: metadata


@mapper_registry.mapped
@dataclass
class Country:
    __table__ = sa.Table(
        "country",
        mapper_registry.metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50)),
    )
    id: int = field(init=False)
    name: Optional[str] = None
    population: int = 0


@mapper_registry.mapped
@dataclass
class River:
    __tablename__ = "river"
    __sa_dataclass_metadata_key__ = "sa"

    id: int = field(init=False, metadata={"sa": sa.Column(sa.Integer, primary_key=True)})
    name: str = field(default="", metadata={"sa": sa.Column(sa.String(40), nullable=False)})
    length: int = 0
