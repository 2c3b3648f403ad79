import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Flow(Base):
    __tablename__ = "flow"

    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String)
    state = sa.Column(sa.String)

    __table_args__ = (
        sa.Index("ix_flow_pg", "name").ddl_if(dialect="postgresql"),
        sa.Index("ix_flow_sqlite", "state").ddl_if(dialect="sqlite"),
        sa.Index("ix_flow_coalesce", sa.func.coalesce(name, state).desc()),
        sa.Index("ix_flow_where", "name", postgresql_where=state == "x", sqlite_where=state == "x"),
    )
