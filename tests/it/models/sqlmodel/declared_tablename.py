# metadata: SQLModel.metadata
import re
from typing import ClassVar

from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel


class AppModel(SQLModel):
    limit: ClassVar[int] = 3

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class UserGroup(AppModel, table=True):
    id: int = Field(primary_key=True)
    _private: int = 0
    name: str = Field(default="x", max_length=AppModel.limit)


class UserGroupMember(AppModel, table=True):
    group_id: int = Field(primary_key=True, foreign_key="user_group.id")
