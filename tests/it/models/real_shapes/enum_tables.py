import enum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ENUM
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class OrderStatus(str, enum.Enum):
    NEW = "new"
    PAID = "paid"


order_status = sa.Enum(OrderStatus, name="order_status", metadata=Base.metadata, values_callable=lambda x: [i.value for i in x])
channel = ENUM("web", "shop", name="channel", create_type=False, metadata=Base.metadata)


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[OrderStatus] = mapped_column(order_status, server_default=OrderStatus.NEW.value)
    previous: Mapped[OrderStatus | None] = mapped_column(order_status)
    copied: Mapped[OrderStatus] = mapped_column(sa.Enum(OrderStatus, name="order_status", values_callable=lambda x: [i.value for i in x]))


class Log(Base):
    __tablename__ = "order_log"
    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[OrderStatus] = mapped_column(order_status, nullable=True)
