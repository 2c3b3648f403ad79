from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base, mapped_column

Base = declarative_base()


class Token(Base):
    __tablename__ = "token"

    pk = Column("id", Integer, primary_key=True)
    _secret = Column("secret", String(64), nullable=False)
    kind = Column(name="token_kind", type_=String(10))
    order = Column("order", Integer)
    Camel = Column(String)
    quoted = Column("MixedCase", String)
    keyed = Column("real_name", String, key="other_key")
    extra = mapped_column("extra_data", String, nullable=False)
