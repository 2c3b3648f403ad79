import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base(
    metadata=sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s__%(column_0N_name)s",
            "uq": "uq_%(table_name)s__%(column_0_key)s_%(column_1_name)s",
            "fk": "fk_%(table_name)s__%(column_0_label)s__%(referred_column_0_name)s",
        }
    )
)


class Place(Base):
    __tablename__ = "place"
    id = sa.Column(sa.Integer, primary_key=True)
    x = sa.Column("pos_x", sa.Integer, index=True)
    y = sa.Column(sa.Integer, key="why")
    other = sa.Column(sa.ForeignKey("place.id"))
    __table_args__ = (sa.Index(None, "pos_x", "why"), sa.UniqueConstraint("pos_x", "why"))
