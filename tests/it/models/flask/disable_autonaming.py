# metadata: db.metadata
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


class Named(db.Model):
    __tablename__ = "named"
    id = db.Column(db.Integer, primary_key=True)


class NotNamed(Named):
    extra = db.Column(db.Integer)
