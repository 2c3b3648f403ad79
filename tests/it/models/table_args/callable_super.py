import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, declared_attr

Base = declarative_base()


class HasCode:
    code = sa.Column(sa.String(5), nullable=False)

    @declared_attr.directive
    def __table_args__(cls):
        return (sa.UniqueConstraint("code", name=f"uq_{cls.__tablename__}_code"),)


class Shelf(HasCode, Base):
    __tablename__ = "shelf"
    id = sa.Column(sa.Integer, primary_key=True)
    place = sa.Column(sa.Integer)

    @declared_attr.directive
    def __table_args__(cls):
        return super().__table_args__ + (sa.Index("ix_shelf_place", "place"),)
