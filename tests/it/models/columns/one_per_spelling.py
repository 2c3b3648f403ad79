import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, mapped_column

Base = declarative_base()
String255 = sa.String(255)
NAME_MAX = 80
TYPES = {"short": sa.String(16), "long": sa.Text}


class Words(Base):
    __tablename__ = "words"

    id = mapped_column(sa.Integer(), primary_key=True)
    a = sa.Column(String255)
    b = sa.Column(String255, nullable=False)
    c = sa.Column(sa.String(NAME_MAX))
    d = sa.Column(sa.String(NAME_MAX * 2 + 1))
    e = sa.Column(TYPES["short"])
    f = sa.Column(TYPES["long"], nullable=False)
    g = sa.Column(sa.String(length=len("twelve chars")))
    h, i = sa.Column(sa.Integer), sa.Column(sa.Integer, nullable=False)
    j = k = None
