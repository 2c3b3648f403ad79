import sqlalchemy as sa

metadata = sa.MetaData()
third = sa.MetaData()
sa.Table("in_one", metadata, sa.Column("id", sa.Integer, primary_key=True))
sa.Table("in_third", third, sa.Column("id", sa.Integer, primary_key=True))
