from .base import Base
from . import billing, shop
