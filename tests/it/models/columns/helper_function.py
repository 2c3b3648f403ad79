from sqlalchemy import Column, DateTime, ForeignKey, Integer, Numeric, String, func
from sqlalchemy.orm import declarative_base

Base = declarative_base()


def money(nullable=False):
    return Column(Numeric(12, 2), nullable=nullable)


def created_at():
    return Column(DateTime(timezone=True), server_default=func.now(), nullable=False)


def reference(target, **kwargs):
    kwargs.setdefault("nullable", False)
    return Column(Integer, ForeignKey(target, ondelete="CASCADE"), **kwargs)


def label(size=50, *args, **kwargs):
    """A text of so many characters."""
    return Column(String(size), *args, **kwargs)


class Customer(Base):
    __tablename__ = "customer"

    id = Column(Integer, primary_key=True)
    name = label(nullable=False)
    code = label(8, unique=True)


class Invoice(Base):
    __tablename__ = "invoice"

    id = Column(Integer, primary_key=True)
    customer_id = reference("customer.id", index=True)
    previous_id = reference("invoice.id", nullable=True)
    total = money()
    discount = money(nullable=True)
    created = created_at()
