# metadata: db.metadata
from flask_sqlalchemy import SQLAlchemy as _SQLAlchemy
from sqlalchemy import MetaData


class SQLAlchemy(_SQLAlchemy):
    """Sets what the application wants of each connection."""

    def apply_driver_hacks(self, app, info, options):
        return super().apply_driver_hacks(app, info, options)


db = SQLAlchemy(metadata=MetaData(naming_convention={"ix": "idx_%(table_name)s_%(column_0_name)s"}))
BaseModel = db.Model


class Note(BaseModel):
    id = db.Column(db.Integer, primary_key=True)
    word = db.Column(db.String(9), index=True)
