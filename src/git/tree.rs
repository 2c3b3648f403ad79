//! The tree of a commit.

use anyhow::{Result, bail};

use super::{Blob, Entry, Snapshot};
use crate::source::RepoPath;

/// The tree of a commit.
pub struct TreeSnapshot;

impl Snapshot for TreeSnapshot {
    fn list(&self, _dir: &RepoPath) -> Result<Vec<Entry>> {
        bail!("not written yet")
    }

    fn find(&self, _path: &RepoPath) -> Result<Option<Entry>> {
        bail!("not written yet")
    }

    fn read(&self, _entries: &[&Entry]) -> Result<Vec<Blob>> {
        bail!("not written yet")
    }
}
