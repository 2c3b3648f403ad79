from .a import *
from .c import *
