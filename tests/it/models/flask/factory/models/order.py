import datetime as dt

from models.database import PkModel, db, reference_col

__all__ = ["CustomerOrder"]


class CustomerOrder(PkModel):
    user_id = reference_col("app_user", nullable=True)
    placed = db.Column(db.DateTime, nullable=False, default=dt.datetime.utcnow)
