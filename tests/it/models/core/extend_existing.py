import sqlalchemy as sa

metadata = sa.MetaData()
# metadata: metadata
first = sa.Table("grown", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Text))
second = sa.Table("grown", metadata, sa.Column("b", sa.Integer), sa.Column("a", sa.String(9)), extend_existing=True)
kept = sa.Table("kept", metadata, sa.Column("id", sa.Integer, primary_key=True))
again = sa.Table("kept", metadata, sa.Column("ignored", sa.Integer), keep_existing=True)
