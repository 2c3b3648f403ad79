import sqlalchemy as sa
from sqlalchemy.orm import declarative_base


def short(constraint, table):
    return "_".join(column.name[:3] for column in constraint.columns)


convention = {"short": short, "uq": "uq_%(table_name)s_%(short)s", "ix": "ix_%(column_0_label)s"}
Base = declarative_base(metadata=sa.MetaData(naming_convention=convention))
# may be unknown


class Thing(Base):
    __tablename__ = "thing"
    id = sa.Column(sa.Integer, primary_key=True)
    colour = sa.Column(sa.String, unique=True)
    weight = sa.Column(sa.Integer, index=True)
