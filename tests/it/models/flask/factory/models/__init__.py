# metadata: db.metadata
from .database import db
from .user import AppUser
from .order import *  # noqa: F401, F403
