//! Which Alembic environments a snapshot holds, and onehead's own settings. Reads configuration and folder
//! names; what a revision script says is asked of the caller ([`Headers`]), and no graph is built here.

mod alembic;
mod dependencies;
mod discover;
mod ini;
mod layout;
mod place;
mod scripts;
pub mod settings;
#[cfg(test)]
mod testing;
mod tree;

use anyhow::Result;

use crate::git::{Entry, Snapshot};
use crate::source::RepoPath;

pub use dependencies::Dependencies;
pub use ini::Ini;
pub use layout::{Layout, locate};
pub use settings::{Level, Settings};

/// One Alembic setup: where its revision scripts lie and what told us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Unique in its layout: the section, else the script location (`.` for the root).
    pub name: String,
    /// The file that told us: an ini, `pyproject.toml` or `onehead.toml`. `None` when found by discovery.
    pub config: Option<RepoPath>,
    /// Links resolved.
    pub script_location: Option<RepoPath>,
    /// In load order, links resolved. One that does not exist (yet) holds no scripts.
    pub version_locations: Vec<RepoPath>,
    pub recursive: bool,
    /// The part of `sqlalchemy.url` before `://` or `+`, when it is literal: "postgresql", "sqlite", …
    pub url_scheme: Option<String>,
    /// How its Alembic is called from the root of the repository: `alembic`, `cd server && alembic`, `flask db`.
    pub command: String,
}

/// What one revision script says of the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    pub revision: Option<String>,
    /// Ids in `down_revision` and `depends_on`.
    pub refers_to: Vec<String>,
}

/// How `config` sees what a script says. The same entries may be asked for again by whoever builds the graph.
pub trait Headers {
    /// For each entry, in order: `None` when it is not a revision script.
    fn sight(&self, snapshot: &dyn Snapshot, entries: &[&Entry]) -> Result<Vec<Option<Sighting>>>;
}

/// Cheap, before anything is located: could a change at this path have anything to do with Alembic? Judges by the path alone: a
/// configuration file, `env.py`, or Python under a name that migrations or their folders usually have. Only version locations of a
/// configuration that avoids all of these names are overlooked: whoever asks looks into
/// changed Python files, too.
pub fn may_matter(path: &RepoPath) -> bool {
    let name = path.file_name();
    let is_python = name.ends_with(b".py");
    // A link to a folder of scripts has the folder's name.
    let may_be_link = !name.contains(&b'.');
    alembic::is_configuration(path)
        || name == settings::FILE_NAME
        || name == b"env.py"
        || (is_python && discover::has_script_name(name))
        || ((is_python || may_be_link) && discover::has_telling_name(path.as_bytes()))
}
