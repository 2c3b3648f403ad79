from .database import Base
