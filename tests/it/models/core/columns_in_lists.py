import sqlalchemy as sa

metadata = sa.MetaData()
# metadata: metadata


def stamps():
    return [
        sa.Column("created", sa.DateTime, nullable=False, server_default=sa.func.now()),
        sa.Column("changed", sa.DateTime),
    ]


def key():
    return sa.Column("id", sa.Integer, primary_key=True)


base = [sa.Column("note", sa.Text)]
one = sa.Table("one", metadata, key(), *stamps())
two = sa.Table("two", metadata, key(), sa.Column("x", sa.Integer), *stamps(), *base)
three = sa.Table("three", metadata, *([key()] + [sa.Column(f"c{i}", sa.Float) for i in range(2)]))
