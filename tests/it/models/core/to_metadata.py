import sqlalchemy as sa

metadata = sa.MetaData()
# metadata: metadata
# may be unknown
origin = sa.Table("origin", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Text))
copy = origin.to_metadata(metadata, name="origin_copy")
