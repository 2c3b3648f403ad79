import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Node(Base):
    __tablename__ = "node"

    id = sa.Column(sa.BigInteger, primary_key=True)
    parent_id = sa.Column(sa.ForeignKey("node.id"))
    best_leaf_id = sa.Column(sa.ForeignKey("leaf.id", use_alter=True, name="fk_node_best"))
    children = relationship("Node", backref=sa.orm.backref("parent", remote_side=[id]))


class Leaf(Base):
    __tablename__ = "leaf"

    id = sa.Column(sa.SmallInteger, primary_key=True, autoincrement=False)
    node_id = sa.Column(sa.ForeignKey("node.id"), nullable=False)
