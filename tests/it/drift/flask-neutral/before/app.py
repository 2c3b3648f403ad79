import os

from flask import Flask
from flask_migrate import Migrate

from shop.models import db

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "postgresql://localhost/app")
db.init_app(app)
migrate = Migrate(app, db)
