from sqlalchemy import MetaData

import one
import two


def combine(*many):
    res = MetaData()
    for metadata in many:
        for table in metadata.tables.values():
            table.to_metadata(res)
    return res


target_metadata = combine(one.metadata, two.metadata)
