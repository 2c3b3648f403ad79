import sqlalchemy as sa

metadata = sa.MetaData()
# metadata: metadata
post = sa.Table("post", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("slug", sa.String(40)))
sa.Index("ix_post_slug", post.c.slug)
sa.UniqueConstraint(post.c.slug, post.c.id, name="uq_post")
post.append_column(sa.Column("late", sa.Integer, index=True))
