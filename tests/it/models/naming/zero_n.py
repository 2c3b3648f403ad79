import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

metadata = sa.MetaData(
    naming_convention={
        "ix": "idx_%(column_0_N_label)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
        "fk": "%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s_%(referred_column_0_N_name)s_fk",
        "pk": "%(table_name)s_pkey",
    }
)
Base = declarative_base(metadata=metadata)


class A(Base):
    __tablename__ = "a"
    x = sa.Column(sa.Integer, primary_key=True)
    y = sa.Column(sa.Integer, primary_key=True)


class B(Base):
    __tablename__ = "b"
    id = sa.Column(sa.Integer, primary_key=True)
    ax = sa.Column(sa.Integer, index=True)
    ay = sa.Column(sa.Integer, unique=True)
    __table_args__ = (
        sa.ForeignKeyConstraint(["ax", "ay"], ["a.x", "a.y"]),
        sa.Index(None, "ax", "ay"),
        sa.UniqueConstraint("ax", "ay"),
    )
