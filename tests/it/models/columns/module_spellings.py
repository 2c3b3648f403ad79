import sqlalchemy
import sqlalchemy.types
import sqlalchemy.orm as orm
from sqlalchemy import types
from sqlalchemy import types as sqltypes
from sqlalchemy.sql import sqltypes as inner
from sqlalchemy.schema import Column as SchemaColumn

Base = orm.declarative_base()


class Package(Base):
    __tablename__ = "package"

    id = sqlalchemy.Column(sqlalchemy.types.UnicodeText, primary_key=True)
    name = SchemaColumn(types.Unicode(100), nullable=False)
    size = sqlalchemy.schema.Column(sqltypes.BigInteger)
    state = sqlalchemy.Column(inner.String(8))
    note = sqlalchemy.Column(type_=types.Text)
