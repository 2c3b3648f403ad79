//! Classes of well-known libraries that bring columns, as Python: what the project inherits from them is read like its own. Nothing that
//! a project may configure is here.

use std::cell::OnceCell;

use crate::python::interpret::{Modules, ParsedModule};

/// The modules of the project, and those of libraries.
pub(super) struct WithLibraries<'m> {
    project: &'m dyn Modules,
    parsed: [OnceCell<Option<ParsedModule>>; LIBRARIES.len()],
}

impl<'m> WithLibraries<'m> {
    pub fn new(project: &'m dyn Modules) -> Self {
        WithLibraries { project, parsed: [const { OnceCell::new() }; LIBRARIES.len()] }
    }
}

impl Modules for WithLibraries<'_> {
    fn module(&self, dotted: &str) -> Option<&ParsedModule> {
        if let Some(own) = self.project.module(dotted) {
            return Some(own);
        }
        let at = LIBRARIES.iter().position(|(name, _)| *name == dotted)?;
        let read = || {
            let path = format!("{}.py", dotted.replace('.', "/"));
            ParsedModule::read(dotted.to_owned(), path.as_str().into(), LIBRARIES[at].1.as_bytes(), false)
        };
        self.parsed[at].get_or_init(read).as_ref()
    }
}

const LIBRARIES: [(&str, &str); 4] = [
    ("fastapi_users.db", FASTAPI_USERS),
    ("fastapi_users_db_sqlalchemy", FASTAPI_USERS),
    ("fastapi_users_db_sqlalchemy.access_token", FASTAPI_USERS),
    ("oslo_db.sqlalchemy.models", OSLO_DB),
];

/// oslo.db 4 to 17.
const OSLO_DB: &str = r#"
from sqlalchemy import Column, DateTime, Integer
class ModelBase:
    pass
class ModelIterator:
    pass
class TimestampMixin:
    created_at = Column(DateTime)
    updated_at = Column(DateTime)
class SoftDeleteMixin:
    deleted_at = Column(DateTime)
    deleted = Column(Integer, default=0)
"#;

/// fastapi-users-db-sqlalchemy 5 to 7.
const FASTAPI_USERS: &str = r#"
from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, String, Uuid
from sqlalchemy.orm import declared_attr
def made():
    pass
class SQLAlchemyUserDatabase:
    pass
class SQLAlchemyAccessTokenDatabase:
    pass
class SQLAlchemyBaseUserTable:
    __tablename__ = "user"
    email = Column(String(320), unique=True, index=True, nullable=False)
    hashed_password = Column(String(1024), nullable=False)
    is_active = Column(Boolean, default=True, nullable=False)
    is_superuser = Column(Boolean, default=False, nullable=False)
    is_verified = Column(Boolean, default=False, nullable=False)
class SQLAlchemyBaseUserTableUUID(SQLAlchemyBaseUserTable):
    id = Column(Uuid, primary_key=True, default=made)
class SQLAlchemyBaseOAuthAccountTable:
    __tablename__ = "oauth_account"
    oauth_name = Column(String(100), index=True, nullable=False)
    access_token = Column(String(1024), nullable=False)
    expires_at = Column(Integer)
    refresh_token = Column(String(1024))
    account_id = Column(String(320), index=True, nullable=False)
    account_email = Column(String(320), nullable=False)
class SQLAlchemyBaseOAuthAccountTableUUID(SQLAlchemyBaseOAuthAccountTable):
    id = Column(Uuid, primary_key=True, default=made)
    @declared_attr
    def user_id(cls):
        return Column(Uuid, ForeignKey("user.id", ondelete="cascade"), nullable=False)
class SQLAlchemyBaseAccessTokenTable:
    __tablename__ = "accesstoken"
    token = Column(String(43), primary_key=True)
    created_at = Column(DateTime(timezone=True), index=True, nullable=False, default=made)
class SQLAlchemyBaseAccessTokenTableUUID(SQLAlchemyBaseAccessTokenTable):
    @declared_attr
    def user_id(cls):
        return Column(Uuid, ForeignKey("user.id", ondelete="cascade"), nullable=False)
"#;
