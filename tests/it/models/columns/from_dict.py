import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
REQUIRED = {"nullable": False, "server_default": ""}
SHORT = (sa.String(5),)


class Unpacked(Base):
    __tablename__ = "unpacked"
    id = sa.Column(*[sa.Integer], **{"primary_key": True})
    a = sa.Column(sa.Text, **REQUIRED)
    b = sa.Column(*SHORT, **{**REQUIRED, "nullable": True})
    c = sa.Column(*SHORT, **dict(index=True))
