from .thing import Thing
