from .a import A, Base
from .b import B
