# metadata: db.metadata
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class BaseMixin:
    id = db.Column(db.Integer, primary_key=True)
    made = db.Column(db.DateTime, nullable=False)

    def save(self):
        db.session.add(self)


class Abstract(db.Model):
    __abstract__ = True
    note = db.Column(db.Text)


class TaskType(db.Model, BaseMixin):
    name = db.Column(db.String(40), unique=True)


class ShotTask(Abstract, BaseMixin):
    type_id = db.Column(db.Integer, db.ForeignKey("task_type.id"), index=True)


class Single(ShotTask):
    extra = db.Column(db.Integer)


class JoinedTask(ShotTask):
    id = db.Column(db.ForeignKey("shot_task.id"), primary_key=True)


class NamedMixin:
    __tablename__ = "by_mixin"


class ByMixin(NamedMixin, BaseMixin, db.Model):
    pass
