import sqlalchemy as sa

# may be unknown
metadata = sa.MetaData()
sa.Table("in_one", metadata, sa.Column("id", sa.Integer, primary_key=True))
