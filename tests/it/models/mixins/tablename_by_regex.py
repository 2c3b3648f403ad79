import re

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

CAMEL_TO_SNAKE = re.compile(r"(?<!^)(?=[A-Z])")


class Base(DeclarativeBase):
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return CAMEL_TO_SNAKE.sub("_", cls.__name__).lower()

    id: Mapped[int] = mapped_column(primary_key=True)


class FlowRun(Base):
    name: Mapped[str] = mapped_column(index=True)


class FlowRunState(Base):
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("flow_run.id"))
