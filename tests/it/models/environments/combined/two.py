import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table("in_two", metadata, sa.Column("id", sa.Integer, primary_key=True))
