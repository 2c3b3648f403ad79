from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


def reference_col(tablename, nullable=False, pk_name="id", **kwargs):
    """A column that refers to a key."""
    return db.Column(db.ForeignKey(f"{tablename}.{pk_name}"), nullable=nullable, **kwargs)


class PkModel(db.Model):
    __abstract__ = True
    id = db.Column(db.Integer, primary_key=True)
