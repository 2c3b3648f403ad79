//! onehead held against the real Alembic, on the same files. Needs Python with `requirements.txt` installed
//! (`ONEHEAD_ORACLE_PYTHON`, else `python3`), and fails without: a comparison that is skipped proves nothing.

mod commands;
mod folder;
mod graphs;
mod headers;
mod layouts;
mod python;
mod random;
