from .a import *
from .b import *
from models import *
