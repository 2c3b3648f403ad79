from sqlalchemy import *
from .b import *

Base = declarative_base()
