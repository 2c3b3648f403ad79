import enum


class Role(enum.Enum):
    ADMIN = "admin"
    MEMBER = "member"
