//! The files on disk: tracked ones that exist, and untracked ones that are not ignored.

use anyhow::{Result, bail};

use super::{Blob, Entry, Snapshot};
use crate::source::RepoPath;

/// The files on disk: tracked ones that exist, and untracked ones that are not ignored.
pub struct WorkTreeSnapshot;

impl Snapshot for WorkTreeSnapshot {
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
