//! Blobs and trees out of the object database. What is not in this clone is said, never fetched.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use git2::{ErrorCode, Odb, Oid, Tree};

use super::{Blob, Entry, MAX_FILE_SIZE};
use crate::source::{RepoPath, escape};
use crate::threads::share_out;

/// A repository's object database, and how to open it again.
pub(super) struct Objects {
    pub repository: git2::Repository,
    dirs: Vec<PathBuf>,
    /// Folders listed already, by tree and place: the snapshots of one question mostly share them.
    pub listed: RefCell<HashMap<(Oid, RepoPath), Vec<Entry>>>,
}

/// One thread's share: fewer are read faster than another thread is woken and has opened the packs.
const SHARE: usize = 128;

impl Objects {
    /// The objects of a repository, and those in further folders.
    pub fn new(repository: git2::Repository, further: impl IntoIterator<Item = PathBuf>) -> Result<Self> {
        let dirs = vec![repository.commondir().join("objects")];
        let mut res = Self { repository, dirs, listed: RefCell::default() };
        for dir in further {
            add(&res.repository.odb()?, &dir)?;
            res.dirs.push(dir);
        }
        Ok(res)
    }

    /// The blob of each entry, in the order asked.
    pub fn read(&self, entries: &[&Entry]) -> Result<Vec<Blob>> {
        if entries.len() < 2 * SHARE {
            return read_all(&self.repository.odb()?, entries);
        }
        // libgit2 reads one object at a time from a database, so each thread opens its own.
        let (format, dirs) = (self.repository.object_format(), &self.dirs);
        share_out(entries.to_vec(), SHARE, |entries| {
            let odb = Odb::new_ext(format)?;
            dirs.iter().try_for_each(|dir| add(&odb, dir))?;
            read_all(&odb, &entries)
        })
    }

    /// The tree object; the error says when it is not in this clone. `depth` is how many folders it lies in.
    pub fn tree(&self, oid: Oid, depth: usize) -> Result<Tree<'_>> {
        ensure!(depth <= MAX_DEPTH, "folders are nested more than {MAX_DEPTH} deep");
        self.repository.find_tree(oid).map_err(|error| match error.code() {
            ErrorCode::NotFound => {
                anyhow!("tree {oid} is not in this clone; `git ls-tree -r {oid}` fetches it into a partial clone")
            }
            _ => anyhow!("tree {oid} cannot be read: {}; `git fsck` says more", escape(error.message())),
        })
    }
}

fn add(odb: &Odb<'_>, dir: &Path) -> Result<()> {
    let shown = || format!("the objects in `{}`", escape(&dir.to_string_lossy()));
    let path = dir.to_str().context("not a UTF-8 path").with_context(shown)?;
    odb.add_disk_alternate(path).with_context(shown)
}

fn read_all(odb: &Odb<'_>, entries: &[&Entry]) -> Result<Vec<Blob>> {
    let read = |entry: &&Entry| read_blob(odb, entry.blob.0).with_context(|| format!("reading `{}`", entry.path));
    entries.iter().map(read).collect()
}

fn read_blob(odb: &Odb<'_>, oid: Oid) -> Result<Blob> {
    match odb.read(oid) {
        Ok(object) if object.len() as u64 > MAX_FILE_SIZE => Ok(Blob::TooLarge(object.len() as u64)),
        Ok(object) => Ok(Blob::Bytes(object.data().to_vec())),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(Blob::Absent),
        Err(error) => Err(error.into()),
    }
}

/// Folders nested deeper are refused: each costs a frame of the stack, and no work tree can hold 2048 (PATH_MAX).
pub(super) const MAX_DEPTH: usize = 512;
