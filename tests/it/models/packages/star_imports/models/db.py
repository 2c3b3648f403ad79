from sqlalchemy import *
from sqlalchemy.orm import *

Base = declarative_base()
_hidden = 3
Size = 12
