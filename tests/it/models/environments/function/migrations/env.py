def metadata():
    from app.models import Base

    return Base.metadata


target_metadata = metadata()
