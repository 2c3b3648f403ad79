import sqlalchemy as sa
from sqlalchemy.orm import aliased, declarative_base

Base = declarative_base()


class Fact(Base):
    __tablename__ = "fact"
    id = sa.Column(sa.Integer, primary_key=True)
    amount = sa.Column(sa.Integer)


light = sa.table("light", sa.column("id"), sa.column("name", sa.String))
cte = sa.select(Fact.id).cte("top")
sub = sa.select(Fact.amount).subquery("amounts")
Other = aliased(Fact, name="other_fact")
values = sa.values(sa.column("a", sa.Integer), name="my_values").data([(1,)])
elsewhere = sa.Table("elsewhere", sa.MetaData(), sa.Column("id", sa.Integer))
unused = sa.Column("never", sa.Integer)
