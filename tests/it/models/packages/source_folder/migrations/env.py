import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))

from shop.models import Base  # noqa: E402

target_metadata = Base.metadata
