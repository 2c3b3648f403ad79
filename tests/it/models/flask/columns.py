# metadata: db.metadata
from datetime import datetime

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, func
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
db = SQLAlchemy(metadata=metadata)

tags = db.Table(
    "tags",
    db.Column("post_id", db.Integer, db.ForeignKey("post.id"), primary_key=True),
    db.Column("name", db.String(20), primary_key=True),
)


class Post(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(80), nullable=False, unique=True)
    body = db.Column(db.Text)
    size = db.Column(db.SmallInteger, index=True)
    price = db.Column(db.Numeric(6, 2))
    data = db.Column(JSONB)
    kind = db.Column(db.Enum("a", "b", name="post_kind"), nullable=False)
    made = db.Column(db.DateTime(timezone=True), default=datetime.utcnow, server_default=func.now())
    category_id = db.Column(db.ForeignKey("category.id"))
    category = db.relationship("Category", backref=db.backref("posts", lazy=True))
    __table_args__ = (db.UniqueConstraint("kind", "title"), db.Index("ix_own", "size", "kind"))


class Category(db.Model):
    id: db.Mapped[int] = db.mapped_column(primary_key=True) if hasattr(db, "Mapped") else db.Column(db.Integer, primary_key=True)
    name = db.mapped_column(db.String(5))
