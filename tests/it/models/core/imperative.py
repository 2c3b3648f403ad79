from dataclasses import dataclass
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, registry, relationship

mapper_registry = registry()
metadata = mapper_registry.metadata
# metadata: metadata

user_table = sa.Table(
    "user",
    mapper_registry.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.UnicodeText, nullable=False),
)
address_table = sa.Table(
    "address",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user_id", sa.Integer, sa.ForeignKey("user.id")),
)


class User:
    id: Mapped[int]
    name: Mapped[Optional[str]]
    decoration: Mapped[str]
    addresses: Mapped[list["Address"]]
    __table_args__ = (sa.UniqueConstraint("name"),)


@dataclass
class Address:
    id: int = 0
    street: str = ""


mapper_registry.map_imperatively(User, user_table, properties={"addresses": relationship(Address)})
mapper_registry.map_imperatively(Address, address_table)
