import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Owner(Base):
    __tablename__ = "owner"
    number = sa.Column("owner_number", sa.BigInteger, key="nr", primary_key=True)


class Dog(Base):
    __tablename__ = "dog"
    id = sa.Column(sa.Integer, primary_key=True)
    owner = sa.Column("owner_ref", sa.ForeignKey("owner.nr"))
    __table_args__ = (sa.Index("ix_dog_owner", "owner_ref"),)
