import sqlalchemy as sa

metadata = sa.MetaData()
# metadata: metadata
# may be unknown
origin = sa.Table("origin", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Text))
history = sa.Table("history", metadata, sa.Column("n", sa.Integer), *[c._copy() for c in origin.columns])
