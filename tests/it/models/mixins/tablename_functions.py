import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, declared_attr


def snake(name):
    res = ""
    for position, letter in enumerate(name):
        if letter.isupper() and position > 0:
            res += "_"
        res += letter.lower()
    return res


def plural(name):
    if name.endswith("y"):
        return name[:-1] + "ies"
    return name + ("es" if name.endswith("s") else "s")


class BaseClass:
    @declared_attr
    def __tablename__(cls):
        return "app_" + plural(snake(cls.__name__))

    id = sa.Column(sa.Integer, primary_key=True)


Base = declarative_base(cls=BaseClass)


class OpenOrder(Base):
    pass


class Category(Base):
    name = sa.Column(sa.String)


class Address(Base):
    order_id = sa.Column(sa.ForeignKey("app_open_orders.id"))
