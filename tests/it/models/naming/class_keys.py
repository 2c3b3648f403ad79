import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

POSTGRES_INDEXES_NAMING_CONVENTION = {
    sa.Index: "%(column_0_label)s_idx",
    sa.UniqueConstraint: "%(table_name)s_%(column_0_name)s_unique",
    sa.ForeignKeyConstraint: "%(table_name)s_%(column_0_name)s_foreign",
    sa.PrimaryKeyConstraint: "%(table_name)s_primary",
}
metadata = sa.MetaData(naming_convention=POSTGRES_INDEXES_NAMING_CONVENTION)
Base = declarative_base(metadata=metadata)


class Thing(Base):
    __tablename__ = "thing"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20), unique=True)
    parent = sa.Column(sa.ForeignKey("thing.id"), index=True)
