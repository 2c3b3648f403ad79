//! The index as it will be committed: staged files; intent-to-add entries and submodules are left out.

use anyhow::{Result, bail};

use super::{Blob, Entry, Snapshot};
use crate::source::RepoPath;

/// The index as it will be committed: staged files; intent-to-add entries and submodules are left out.
pub struct IndexSnapshot;

impl Snapshot for IndexSnapshot {
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
