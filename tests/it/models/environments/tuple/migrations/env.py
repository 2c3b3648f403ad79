import app.core.models as core
import app.extra.models

all_metadata = (core.Base.metadata, app.extra.models.Base.metadata)
target_metadata = all_metadata
