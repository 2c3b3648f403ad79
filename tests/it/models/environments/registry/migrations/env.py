from app.db import mapper_registry
from app import tables  # noqa: F401

target_metadata = mapper_registry.metadata
