import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Sale(Base):
    __tablename__ = "sale"
    id = sa.Column(sa.Integer, primary_key=True)
    shop = sa.Column(sa.Integer)
    amount = sa.Column(sa.Integer)


class ShopTotal(Base):
    __table__ = sa.select(Sale.shop, sa.func.sum(Sale.amount).label("total")).group_by(Sale.shop).subquery()
    __mapper_args__ = {"primary_key": [__table__.c.shop]}


class Joined(Base):
    __table__ = sa.join(Sale, sa.Table("extra", Base.metadata, sa.Column("id", sa.ForeignKey("sale.id"), primary_key=True)))
    id = sa.orm.column_property(Sale.__table__.c.id, __table__.right.c.id)
