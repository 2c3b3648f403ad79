from enum import Enum, auto


class Kind(Enum):
    SMALL = auto()
    LARGE = auto()
