//! onehead held against the real Alembic and a real PostgreSQL, on the same files. Needs Python with `requirements.txt`
//! installed (`ONEHEAD_ORACLE_PYTHON`, else `python3`), the SQLAlchemy of `requirements-2.0.txt` in a folder of its own
//! (`ONEHEAD_ORACLE_SQLALCHEMY_20`) and PostgreSQL, and fails without: a comparison that is skipped proves nothing.

mod cluster;
mod commands;
mod comparisons;
mod database;
mod drift;
mod folder;
mod graphs;
mod headers;
mod layouts;
mod models;
mod python;
mod random;
