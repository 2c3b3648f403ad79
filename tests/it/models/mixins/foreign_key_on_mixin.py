import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Tenanted:
    tenant_id: Mapped[int] = mapped_column(sa.ForeignKey("tenant.id", ondelete="CASCADE"), index=True)


class Tenant(Base):
    __tablename__ = "tenant"
    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)


class Bill(Tenanted, Base):
    __tablename__ = "bill"
    id: Mapped[int] = mapped_column(primary_key=True)


class Receipt(Tenanted, Base):
    __tablename__ = "receipt"
    id: Mapped[int] = mapped_column(primary_key=True)
