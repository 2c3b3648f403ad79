import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class VeryLong(Base):
    __tablename__ = "a_table_with_a_name_of_considerable_length_for_a_test"

    id = sa.Column(sa.Integer, primary_key=True)
    column_with_a_long_name_too = sa.Column(sa.Integer, index=True)
    another_column_with_a_long_name = sa.Column(sa.Integer, unique=True)
    third_column_with_a_long_name = sa.Column(sa.ForeignKey("short.id"))


class Short(Base):
    __tablename__ = "short"
    id = sa.Column(sa.Integer, primary_key=True)
