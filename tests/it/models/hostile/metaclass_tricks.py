import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Meta(type(DeclarativeBase)):
    def __new__(mcs, name, bases, body, **kwargs):
        body["extra"] = sa.Column(sa.Integer)
        return super().__new__(mcs, name, (bases or ()) + (), body, **kwargs)

    def __getattr__(cls, name):
        return getattr(cls, name + "_")

    def __prepare__(name, bases):
        return {"id": sa.Column(sa.Integer, primary_key=True)}


class Base(DeclarativeBase, metaclass=Meta):
    def __class_getitem__(cls, item):
        return cls[item]


class A(Base, metaclass=Meta):
    __tablename__ = property(lambda self: "a")
    __table_args__ = lambda: None
    id: Mapped[Mapped[Mapped[int]]] = mapped_column(primary_key=True)


class B(*[A] * 3, **{"metaclass": Meta}):
    __tablename__ = None
    __tablename__ += 1


exec("class C(Base): pass")
globals()["D"] = type("D", (Base,), {})
