import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Model(Base):
    __abstract__ = True
    id = sa.Column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4)


class Timed(Model):
    __abstract__ = True
    made = sa.Column(sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)


class Named(Timed):
    __abstract__ = True
    name = sa.Column(sa.String(100), nullable=False, index=True)
    description = sa.Column(sa.Text)


class Project(Named):
    __tablename__ = "project"
    budget = sa.Column(sa.Numeric(14, 2))


class Task(Timed):
    __tablename__ = "task"
    project_id = sa.Column(sa.ForeignKey("project.id"), nullable=False)


class Label(Named):
    __tablename__ = "label"
    name = sa.Column(sa.String(10), nullable=True)
    description = None
