from app.base import Base
from app import used
