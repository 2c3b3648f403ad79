//! A snapshot held in memory: what tests hand to everything that reads snapshots.

use std::collections::BTreeMap;

use anyhow::Result;
use git2::ObjectFormat;

use super::{Blob, BlobId, Entry, Kind, MAX_FILE_SIZE, Snapshot};
use crate::source::RepoPath;

/// Paths and bytes without a repository.
#[derive(Clone, Debug, Default)]
pub struct MemorySnapshot {
    files: BTreeMap<RepoPath, (Kind, Option<Vec<u8>>)>,
}

impl MemorySnapshot {
    /// Regular files from (path, bytes) pairs; a path given twice has the last bytes.
    pub fn new<P: AsRef<[u8]>, B: AsRef<[u8]>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        files.into_iter().fold(Self::default(), |snapshot, (path, bytes)| snapshot.with(Kind::File, path, bytes))
    }

    /// The same with `path` as a symbolic link to `target`.
    pub fn link(self, path: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        self.with(Kind::Link, path, target)
    }

    /// The same with `path` in conflict, `bytes` being our side.
    pub fn conflict(self, path: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>) -> Self {
        self.with(Kind::Conflict, path, bytes)
    }

    /// The same with a file at `path` whose bytes are not in this clone.
    pub fn absent(mut self, path: impl AsRef<[u8]>) -> Self {
        self.files.insert(RepoPath::new(path), (Kind::File, None));
        self
    }

    fn with(mut self, kind: Kind, path: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>) -> Self {
        self.files.insert(RepoPath::new(path), (kind, Some(bytes.as_ref().to_vec())));
        self
    }

    fn entry(path: &RepoPath, kind: Kind, bytes: Option<&[u8]>) -> Result<Entry> {
        // Bytes that are not there have no hash: the path stands in for them.
        let blob = BlobId::of(bytes.unwrap_or(path.as_bytes()), ObjectFormat::Sha1)?;
        Ok(Entry { path: path.clone(), blob, kind })
    }
}

impl Snapshot for MemorySnapshot {
    fn list(&self, dir: &RepoPath) -> Result<Vec<Entry>> {
        let wanted = self.files.iter().filter(|(path, _)| *path == dir || path.is_below(dir));
        wanted.map(|(path, (kind, bytes))| Self::entry(path, *kind, bytes.as_deref())).collect()
    }

    fn find(&self, path: &RepoPath) -> Result<Option<Entry>> {
        self.files.get(path).map(|(kind, bytes)| Self::entry(path, *kind, bytes.as_deref())).transpose()
    }

    fn read(&self, entries: &[&Entry]) -> Result<Vec<Blob>> {
        Ok(entries.iter().map(|entry| blob(self.files.get(&entry.path))).collect())
    }
}

fn blob(file: Option<&(Kind, Option<Vec<u8>>)>) -> Blob {
    match file {
        Some((_, Some(bytes))) if bytes.len() as u64 > MAX_FILE_SIZE => Blob::TooLarge(bytes.len() as u64),
        Some((_, Some(bytes))) => Blob::Bytes(bytes.clone()),
        Some((_, None)) | None => Blob::Absent,
    }
}
