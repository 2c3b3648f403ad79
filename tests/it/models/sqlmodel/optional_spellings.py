from __future__ import annotations

# metadata: SQLModel.metadata
import typing as t
from typing import Annotated, Optional, Union

import sqlmodel
from sqlmodel import Field, SQLModel
from sqlmodel import Field as F


class Spelled(sqlmodel.SQLModel, table=True):
    id: Optional[int] = F(None, primary_key=True)
    a: Union[str, None] = None
    b: t.Optional[str] = sqlmodel.Field(default=None, max_length=5)
    c: "str | None" = None
    d: Annotated[str, Field(max_length=8)]
    e: Annotated[Optional[str], Field(index=True)] = None
    f: None | int = None
