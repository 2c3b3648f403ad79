import os

from sqlalchemy import MetaData, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

DATABASE_URL = os.getenv("APP_DATABASE_URL", "postgresql://localhost/app")
metadata = MetaData()
Base = declarative_base(metadata=metadata)


def session():
    return sessionmaker(create_engine(DATABASE_URL))
