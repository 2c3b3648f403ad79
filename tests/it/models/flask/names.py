# metadata: db.metadata
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class HTTPServer(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class UserAPI(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class OAuth2Token(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class User2FA(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class ABTest(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class S3Bucket(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class User_Role(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class ProductionScheduleVersion(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    server_id = db.Column(db.Integer, db.ForeignKey("http_server.id"), nullable=False)


class Named(db.Model):
    __tablename__ = "own_name"
    id = db.Column(db.Integer, primary_key=True)
