import datetime

from sqlalchemy import DateTime
from sqlalchemy.orm import Mapped, declarative_base, mapped_column, registry

reg = registry()
reg.update_type_annotation_map({datetime.datetime: DateTime(timezone=True)})
Base = reg.generate_base()
Other = declarative_base(type_annotation_map={str: DateTime}, metadata=reg.metadata)


class Thing(Base):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime]


class Odd(Other):
    __tablename__ = "odd"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
