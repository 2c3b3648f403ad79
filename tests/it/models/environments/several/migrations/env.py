from one import metadata as first
from two import Base

target_metadata = [first, Base.metadata]
