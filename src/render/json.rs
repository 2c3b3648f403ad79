//! Machine output, version 1: structs of its own, so that no change of our types changes it unnoticed.

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::source::RepoPath;

/// One environment as `heads --format json` lists it.
#[derive(Clone, Debug, Serialize)]
pub struct EnvironmentJson {
    pub name: String,
    pub config: Option<String>,
    pub script_location: String,
    pub version_locations: Vec<String>,
    /// How many there are.
    pub revisions: usize,
    pub heads: Vec<String>,
    pub effective_heads: Vec<String>,
    pub bases: Vec<String>,
    pub branch_points: Vec<String>,
    pub merge_points: Vec<String>,
    /// `null` where Alembic could not upgrade.
    pub upgrade_order: Option<Vec<String>>,
}

/// What `check` and the hooks print: one line, without the line feed at its end.
pub fn check_json(refused: bool, diagnostics: &[Diagnostic]) -> String {
    let _ = (refused, diagnostics);
    String::new()
}

/// What `heads` prints: one line, without the line feed at its end.
pub fn heads_json(environments: &[EnvironmentJson], diagnostics: &[Diagnostic]) -> String {
    let _ = (environments, diagnostics);
    String::new()
}

/// A path for JSON: as it is when it is UTF-8, else with the other bytes written `\xNN`.
pub fn path(path: &RepoPath) -> String {
    path.to_string()
}
