import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import INT4RANGE, ExcludeConstraint
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Booking(Base):
    __tablename__ = "booking"

    id = sa.Column(sa.Integer, primary_key=True)
    span = sa.Column(INT4RANGE)
    price = sa.Column(sa.Integer, sa.CheckConstraint("price > 0"))
    seats = sa.Column(sa.Integer)

    __table_args__ = (
        ExcludeConstraint(("span", "&&"), name="ex_booking_span"),
        sa.CheckConstraint("seats > 0", name="ck_seats"),
        sa.CheckConstraint(price < 1000, name="ck_price"),
    )
