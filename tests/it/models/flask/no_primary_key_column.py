# metadata: db.metadata
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Membership(db.Model):
    user = db.Column(db.Integer)
    team = db.Column(db.Integer)
    __table_args__ = (db.PrimaryKeyConstraint("user", "team"),)
