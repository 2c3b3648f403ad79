import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
LANGUAGES = ["de", "en"]
POSTGRES = True


class Word(Base):
    __tablename__ = "word"
    id = sa.Column(sa.Integer, primary_key=True)
    for _language in LANGUAGES:
        locals()[f"text_{_language}"] = sa.Column(sa.Text)
    if POSTGRES:
        search = sa.Column(sa.String(5))
    else:
        other = sa.Column(sa.String(5))
    length = 7
    code = sa.Column(sa.String(length))
    del length
