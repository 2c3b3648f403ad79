import sqlalchemy as sa
from sqlalchemy.sql import quoted_name

metadata = sa.MetaData()
# metadata: metadata
a = sa.Table(quoted_name("Upper Case", True), metadata, sa.Column("id", sa.Integer, primary_key=True))
b = sa.Table("Mixed", metadata, sa.Column("Id", sa.Integer, primary_key=True), sa.Column("user", sa.Text, index=True))
