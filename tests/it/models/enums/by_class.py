import enum

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class JobState(enum.Enum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


class Job(Base):
    __tablename__ = "job"

    id = sa.Column(sa.Integer, primary_key=True)
    state = sa.Column(sa.Enum(JobState), nullable=False)
    last = sa.Column(sa.Enum(JobState))
    named = sa.Column(sa.Enum(JobState, name="job_state_named"))
    default = sa.Column(sa.Enum(JobState), server_default="QUEUED")
