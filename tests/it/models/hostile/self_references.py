import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

metadata = sa.MetaData(naming_convention=None)
metadata.naming_convention = {"fk": "%(table_name)", "uq": "%(uq)s", "ix": "%(column_0_N", "pk": "%", "ck": "%(%(x)s)s"}
Base = declarative_base(metadata=metadata)


class A(Base):
    __tablename__ = "a"
    id = sa.Column(sa.ForeignKey("a.id"), primary_key=True)
    b = sa.Column(sa.ForeignKey("a.c"), unique=True, index=True)
    c = sa.Column(sa.ForeignKey("a.b"))
    d = sa.Column(sa.ForeignKey(""))
    e = sa.Column(sa.ForeignKey("...."))
    f = sa.Column(sa.ForeignKey("é.ü.ö"))
    g = sa.Column(sa.ForeignKey(None))
    columns = [id]
    columns.append(columns)
    __table_args__ = (columns, *columns, {"schema": columns})
    __table_args__ += __table_args__
