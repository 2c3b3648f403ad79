"""What the shop keeps."""

import datetime
import decimal
import enum
from string import Formatter

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Role(enum.Enum):
    ADMIN = "admin"
    MEMBER = "member"


class Stamped:
    created_at: Mapped[datetime.datetime] = mapped_column(sa.DateTime(), server_default=sa.func.now())


class Customer(Stamped, Base):
    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(255), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    role: Mapped[Role] = mapped_column(sa.Enum(Role, name="role"), default=Role.MEMBER)
    note: Mapped[str | None] = mapped_column(sa.Text())
    orders: Mapped[list["Order"]] = relationship(back_populates="customer")


class Product(Formatter, Base):
    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(200), index=True)
    price: Mapped[decimal.Decimal] = mapped_column(sa.Numeric(10, 2))
    stock: Mapped[int] = mapped_column(server_default="0")
    maker: Mapped[str | None] = mapped_column(sa.String(50))

    __table_args__ = (
        sa.Index("ix_products_maker_price", "maker", "price"),
        {"comment": "what is sold"},
    )


class Order(Stamped, Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(sa.String(20))
    sent_on: Mapped[datetime.date | None]
    customer: Mapped[Customer] = relationship(back_populates="orders")


order_lines = sa.Table(
    "order_lines",
    Base.metadata,
    sa.Column("order_id", sa.ForeignKey("orders.id"), primary_key=True),
    sa.Column("product_id", sa.ForeignKey("products.id"), primary_key=True),
    sa.Column("quantity", sa.Integer, nullable=False),
)
