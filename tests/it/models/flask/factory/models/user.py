from .database import PkModel, db


class AppUser(PkModel):
    name = db.Column(db.String(80), unique=True, nullable=False)
