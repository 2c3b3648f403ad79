import enum

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class AuthType(enum.Enum):
    SMS = "sms_auth"
    EMAIL = "email_auth"


class Branding(enum.StrEnum):
    BOTH = "both"
    ORG = "org"


_names = {AuthType: "auth_types", Branding: "brandings"}


def enum_values(cls):
    return [member.value for member in cls]


def enum_column(enum_type, **kwargs):
    return sa.Column(sa.Enum(enum_type, name=_names[enum_type], values_callable=enum_values), **kwargs)


class User(Base):
    __tablename__ = "users"

    id = sa.Column(sa.Integer, primary_key=True)
    auth_type = enum_column(AuthType, index=True, nullable=False, default=AuthType.EMAIL)
    branding = enum_column(Branding)
