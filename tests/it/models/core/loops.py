import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)


class Group(Base):
    __tablename__ = "groups"
    id = sa.Column(sa.Integer, primary_key=True)


class Role(Base):
    __tablename__ = "roles"
    id = sa.Column(sa.Integer, primary_key=True)


_maps = {}
for entity in ("user", "group"):
    table = sa.Table(
        f"{entity}_role_map",
        Base.metadata,
        sa.Column(f"{entity}_id", sa.ForeignKey(f"{entity}s.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("role_id", sa.ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
    )
    _maps[entity] = type(entity.title() + "RoleMap", (Base,), {"__table__": table})

for number, (name, type_) in enumerate([("a", sa.Integer), ("b", sa.Text)], start=1):
    sa.Table(f"t{number}", Base.metadata, sa.Column(name, type_, primary_key=True))
