# metadata: db.metadatas[None]
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Here(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class There(db.Model):
    __bind_key__ = "meta"
    id = db.Column(db.Integer, primary_key=True)


class AlsoThere(There):
    id = db.Column(db.ForeignKey("there.id"), primary_key=True)


table_there = db.Table("table_there", db.Column("id", db.Integer, primary_key=True), bind_key="meta")
table_here = db.Table("table_here", db.Column("id", db.Integer, primary_key=True))
