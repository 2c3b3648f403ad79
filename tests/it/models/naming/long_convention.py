import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base(
    metadata=sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        }
    )
)


class Long(Base):
    __tablename__ = "organisation_membership_invitations"
    id = sa.Column(sa.Integer, primary_key=True)
    originating_organisation_id = sa.Column(sa.ForeignKey("organisation_membership_invitations.id"), index=True)
    confirmation_token_of_invitation = sa.Column(sa.String, unique=True)
