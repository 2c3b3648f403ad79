//! Which files declare the models of an environment: read once, however many snapshots hold them.

use anyhow::Result;

use crate::config::{Environment, Settings};
use crate::git::Snapshot;
use crate::models::Declared;

/// What was parsed so far, by path and bytes.
#[derive(Default)]
pub struct Parsed {
    _read: (),
}

/// What the models of an environment declare in a snapshot; `None` when it has no file that may declare a table.
pub fn declared(
    _environment: &Environment,
    _snapshot: &dyn Snapshot,
    _settings: &Settings,
    _parsed: &Parsed,
) -> Result<Option<Declared>> {
    Ok(None)
}
