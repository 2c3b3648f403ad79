import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Edge(Base):
    __tablename__ = "edge"
    lower_id = sa.Column(sa.Integer, sa.ForeignKey("node.node_id"), primary_key=True)
    higher_id = sa.Column(sa.Integer, sa.ForeignKey("node.node_id"), primary_key=True)
    lower = relationship("Node", primaryjoin="Edge.lower_id==Node.node_id", backref="lower_edges")


class Node(Base):
    __tablename__ = "node"
    node_id = sa.Column(sa.Integer, primary_key=True)
    __mapper_args__ = {"eager_defaults": True}
