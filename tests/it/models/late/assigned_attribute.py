import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, mapped_column

Base = declarative_base()


class Late(Base):
    __tablename__ = "late"
    id = sa.Column(sa.Integer, primary_key=True)


Late.added = sa.Column(sa.String(5), nullable=False)
Late.other = sa.Column("other_name", sa.Integer, index=True)
Late.mapped = mapped_column(sa.Text)
setattr(Late, "dynamic", sa.Column(sa.Boolean))
Late.word = "not a column"
for number in range(2):
    setattr(Late, f"number_{number}", sa.Column(sa.SmallInteger))
