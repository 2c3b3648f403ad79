import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base(
    metadata=sa.MetaData(
        schema="hr",
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(column_0_label)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        },
    )
)


class Staff(Base):
    __tablename__ = "staff"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20), unique=True)
    chief = sa.Column(sa.ForeignKey("staff.id"), index=True)
