import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class A(Base):
    __tablename__ = "a"
    id = sa.Column(sa.Integer, primary_key=True)


class B(Base):
    __tablename__ = "a"
    id = sa.Column(sa.Text, primary_key=True)


sa.Table("a", Base.metadata, sa.Column("id", sa.Date), sa.Column("id", sa.Time))
sa.Table()
sa.Table("x")
sa.Table(None, None, None)
sa.Column()
sa.Index()
sa.ForeignKeyConstraint()
sa.UniqueConstraint(1, 2, 3)
