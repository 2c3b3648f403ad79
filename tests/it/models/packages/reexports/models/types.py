from typing import Annotated

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import mapped_column

intpk = Annotated[int, mapped_column(BigInteger, primary_key=True)]
title = Annotated[str, mapped_column(String(77))]
