# metadata: db.metadata
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import declared_attr

db = SQLAlchemy()


class Prefixed:
    @declared_attr
    def __tablename__(cls):
        return "app_" + cls.__name__.lower()


class UserCard(Prefixed, db.Model):
    id = db.Column(db.Integer, primary_key=True)


class Model(db.Model):
    __abstract__ = True

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.upper()


class Loud(Model):
    id = db.Column(db.Integer, primary_key=True)
