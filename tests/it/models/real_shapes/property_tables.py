import sqlalchemy as sa
from sqlalchemy import types
from sqlalchemy.orm import Mapped, registry, relationship

reg = registry()
metadata = reg.metadata
# metadata: metadata
PACKAGE_NAME_MAX_LENGTH = 100
_types = types


def make_uuid():
    return "x"


package_table = sa.Table(
    "package",
    metadata,
    sa.Column("id", types.UnicodeText, primary_key=True, default=make_uuid),
    sa.Column("name", types.Unicode(PACKAGE_NAME_MAX_LENGTH), nullable=False, unique=True),
    sa.Column("version", types.Unicode(PACKAGE_NAME_MAX_LENGTH), doc="what it was"),
    sa.Column("private", types.Boolean, default=False),
    sa.Column("metadata_created", types.DateTime, default=None),
    sa.Index("idx_pkg_sid", "id", "private"),
    sa.Index("idx_pkg_name", "name"),
)
member_table = sa.Table(
    "member",
    metadata,
    sa.Column("id", _types.UnicodeText, primary_key=True),
    sa.Column("group_id", types.UnicodeText, sa.ForeignKey("package.id"), nullable=False),
)


class Package:
    id: Mapped[str]
    name: Mapped[str]
    extra: Mapped[int]

    @classmethod
    def get(cls, reference):
        return None


class Member:
    group: Package


reg.map_imperatively(Package, package_table)
reg.map_imperatively(Member, member_table, properties={"group": relationship(Package)})
