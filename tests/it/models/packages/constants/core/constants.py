SHORT = 6


class Limits:
    BASE = 50
    DOUBLE = BASE * 2
