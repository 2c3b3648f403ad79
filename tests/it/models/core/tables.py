import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table

metadata = MetaData()
# metadata: metadata

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False, index=True),
    Column("email", String, unique=True, comment="where to write"),
    sa.UniqueConstraint("name", "email", name="uq_users"),
    sa.Index("ix_users_both", "email", "name"),
    comment="people",
)

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user_id", ForeignKey("users.id")),
    sa.Column("payer_id", None, ForeignKey(users.c.id)),
    sa.Column("total", sa.Numeric(10, 2), server_default="0"),
    sa.ForeignKeyConstraint(["user_id"], [users.c.id], name="twice"),
    sa.CheckConstraint("total >= 0"),
    schema=None,
)

hidden = sa.Table("hidden", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="private")
