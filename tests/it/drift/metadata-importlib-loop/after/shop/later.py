from sqlalchemy.orm import Mapped, mapped_column

from shop.models import Base


class Later(Base):
    __tablename__ = "later"

    id: Mapped[int] = mapped_column(primary_key=True)
