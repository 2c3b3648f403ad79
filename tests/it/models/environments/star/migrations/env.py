from app.models import *  # noqa: F401, F403
from app.base import Base

target_metadata = Base.metadata
