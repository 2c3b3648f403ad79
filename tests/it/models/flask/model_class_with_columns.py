# metadata: db.metadata
import datetime

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.model import Model
from sqlalchemy import Column, DateTime, Integer


class IdModel(Model):
    id = Column(Integer, primary_key=True)
    made = Column(DateTime, default=datetime.datetime.utcnow)


db = SQLAlchemy(model_class=IdModel)


class BlogPost(db.Model):
    title = db.Column(db.String)


class BlogComment(db.Model):
    post_id = db.Column(db.ForeignKey("blog_post.id"))
