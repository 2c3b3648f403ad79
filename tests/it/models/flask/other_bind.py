# metadata: db.metadatas["meta"]
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Here(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class There(db.Model):
    __bind_key__ = "meta"
    id = db.Column(db.Integer, primary_key=True)


db.Table("table_there", db.Column("id", db.Integer, primary_key=True), bind_key="meta")
