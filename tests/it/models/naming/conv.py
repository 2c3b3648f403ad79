import sqlalchemy as sa
from sqlalchemy.orm import declarative_base
from sqlalchemy.sql.naming import conv

Base = declarative_base(
    metadata=sa.MetaData(
        naming_convention={
            "uq": "uq_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )
)


class Thing(Base):
    __tablename__ = "thing"
    id = sa.Column(sa.Integer, primary_key=True)
    a = sa.Column(sa.Integer, index=True)
    b = sa.Column(sa.Integer)
    __table_args__ = (
        sa.UniqueConstraint("a", name="one"),
        sa.UniqueConstraint("b", name=conv("two")),
        sa.Index(conv("three"), "b"),
    )
