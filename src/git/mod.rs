//! The repository: snapshots of it, the base branch, and what git told the hook that called us.
//! The only users of `git2`. Nothing here knows about Alembic, and nothing here writes.

mod base;
mod cache_tree;
mod changes;
mod history;
pub mod hook;
mod index;
mod memory;
mod merge;
mod objects;
mod repository;
mod tree;
mod worktree;

use std::fmt;

use std::hash::{Hash, Hasher};

use anyhow::Result;
use git2::{ObjectFormat, ObjectType, Oid};

use crate::source::RepoPath;

pub use base::Base;
pub use changes::Change;
pub use history::CommitInfo;
pub use index::IndexSnapshot;
pub use memory::MemorySnapshot;
pub use merge::Merged;
pub use repository::Repository;
pub use tree::TreeSnapshot;
pub use worktree::WorkTreeSnapshot;

/// Names the bytes of a file: equal ids mean equal bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BlobId(Oid);

// an `Oid` of twenty bytes has twelve more that mean nothing, and its own `Hash` counts them
impl Hash for BlobId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_bytes().hash(state);
    }
}

impl BlobId {
    /// The id git gives these bytes.
    fn of(bytes: &[u8], format: ObjectFormat) -> Result<Self> {
        Ok(Self(Oid::hash_object_ext(ObjectType::Blob, bytes, format)?))
    }
}

/// Names a commit. `Display` gives all its hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommitId(Oid);

// an `Oid` of twenty bytes has twelve more that mean nothing, and its own `Hash` counts them
impl Hash for CommitId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_bytes().hash(state);
    }
}

impl CommitId {
    /// From all 40 (SHA-1) or 64 (SHA-256) hexadecimal digits; anything else is `None`.
    pub fn from_hex(hex: &str) -> Option<Self> {
        let format = match hex.len() {
            40 => ObjectFormat::Sha1,
            64 => ObjectFormat::Sha256,
            _ => return None,
        };
        Oid::from_str_ext(hex, format).ok().map(Self)
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a path is. Submodules are not listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    File,
    /// A symbolic link; its bytes are its target.
    Link,
    /// An unresolved merge conflict: the bytes are our side's (or theirs where ours is gone).
    Conflict,
}

/// One path of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub path: RepoPath,
    pub blob: BlobId,
    pub kind: Kind,
}

/// The bytes of a file, or why they cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blob {
    Bytes(Vec<u8>),
    /// Not in this clone (partial clone); nothing is fetched.
    Absent,
    /// Over [`MAX_FILE_SIZE`]; its size in bytes.
    TooLarge(u64),
}

/// Files larger than this are never read: no migration and no configuration is.
pub const MAX_FILE_SIZE: u64 = 4 << 20;

/// Paths and bytes at a moment: the index, a commit, the merge of snapshots, the work tree, memory (tests).
pub trait Snapshot {
    /// Every file at or below `dir` (the root: every file), sorted by path bytes. A folder that does not exist is empty.
    fn list(&self, dir: &RepoPath) -> Result<Vec<Entry>>;

    /// The file at exactly `path`.
    fn find(&self, path: &RepoPath) -> Result<Option<Entry>>;

    /// The bytes of each entry, in the order asked. The entries come from this snapshot.
    fn read(&self, entries: &[&Entry]) -> Result<Vec<Blob>>;
}

#[cfg(test)]
mod tests;
