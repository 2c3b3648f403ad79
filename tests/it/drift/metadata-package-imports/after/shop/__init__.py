"""A shop."""

from shop import later, models
