from sqlalchemy import Column, Unicode

from core.constants import Limits


def name_column(*, length=Limits.BASE):
    return Column(Unicode(length), nullable=False)
