from sqlalchemy.orm import Mapped, mapped_column

from app.db import mapper_registry


@mapper_registry.mapped
class Thing:
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)
