import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import declarative_base
from sqlalchemy.types import UserDefinedType

Base = declarative_base()
# may be unknown


class Point(UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **kw):
        return "POINT"


class Sized(UserDefinedType):
    def __init__(self, length):
        self.length = length

    def get_col_spec(self, **kw):
        return "VARCHAR(%s)" % self.length


class Own(sa.Integer):
    pass


class Spoken(sa.String):
    pass


@compiles(Own, "postgresql")
def compile_own(element, compiler, **kw):
    return "BIGINT"


class Map(Base):
    __tablename__ = "map"

    id = sa.Column(sa.Integer, primary_key=True)
    at = sa.Column(Point, nullable=False)
    name = sa.Column(Sized(8))
    own = sa.Column(Own)
    spoken = sa.Column(Spoken(4))
