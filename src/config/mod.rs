//! Which Alembic environments a snapshot holds, and onehead's own settings. Reads configuration and folder
//! names; what a revision script says is asked of the caller (`Headers`), and no graph is built here.

pub mod settings;

use anyhow::Result;

use crate::git::{Entry, Snapshot};
use crate::source::RepoPath;

pub use settings::{Level, Settings};

/// One Alembic setup: where its revision scripts lie and what told us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Unique in its layout.
    pub name: String,
    /// The file that told us: an ini, `pyproject.toml` or `onehead.toml`. `None` when found by discovery.
    pub config: Option<RepoPath>,
    pub script_location: Option<RepoPath>,
    /// In load order.
    pub version_locations: Vec<RepoPath>,
    pub recursive: bool,
    /// The part of `sqlalchemy.url` before `://` or `+`, when it is literal: "postgresql", "sqlite", …
    pub url_scheme: Option<String>,
}

/// The environments of one snapshot, and what they were computed from.
#[derive(Clone, Debug)]
pub struct Layout {
    pub environments: Vec<Environment>,
}

/// What one revision script says of the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    pub revision: Option<String>,
    /// Ids in `down_revision` and `depends_on`.
    pub refers_to: Vec<String>,
}

/// How `config` sees what a script says.
pub trait Headers {
    /// For each entry, in order: `None` when it is not a revision script.
    fn sight(&self, snapshot: &dyn Snapshot, entries: &[&Entry]) -> Result<Vec<Option<Sighting>>>;
}

/// Finds every environment of a snapshot.
pub fn locate(_snapshot: &dyn Snapshot, _settings: &Settings, _headers: &dyn Headers) -> Result<Layout> {
    Ok(Layout { environments: Vec::new() })
}

/// Cheap, before anything is located: could a change at this path have anything to do with Alembic?
/// Judges by the path alone, so it is asked of changed paths only.
pub fn may_matter(_path: &RepoPath) -> bool {
    true
}

impl Layout {
    /// The layout of another snapshot of the same repository; cheap when what it was read from is the same there.
    pub fn on(&self, other: &dyn Snapshot, settings: &Settings, headers: &dyn Headers) -> Result<Layout> {
        locate(other, settings, headers)
    }

    /// Whether a change at `path` could matter to any environment: inside a version location, a configuration file, env.py.
    pub fn concerns(&self, _path: &RepoPath) -> bool {
        true
    }
}

impl Environment {
    /// The files Alembic would load, in its load order; an entry's path is where the file really lies.
    pub fn scripts(&self, _snapshot: &dyn Snapshot) -> Result<Vec<Entry>> {
        Ok(Vec::new())
    }
}
