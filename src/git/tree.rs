//! The tree of a commit. Only the folders asked for are opened.

use std::rc::Rc;

use anyhow::Result;
use git2::{Oid, TreeEntry};

use super::index::kind;
use super::objects::Objects;
use super::{Blob, BlobId, Entry, Snapshot};
use crate::source::RepoPath;

/// The tree of a commit. A tree that is not in this clone is an error where it is needed.
pub struct TreeSnapshot {
    objects: Rc<Objects>,
    root: Oid,
}

impl TreeSnapshot {
    pub(super) fn new(objects: Rc<Objects>, root: Oid) -> Self {
        Self { objects, root }
    }

    /// What lies at `path`: (object, mode).
    fn lookup(&self, path: &RepoPath) -> Result<Option<(Oid, u32)>> {
        let mut res = (self.root, FOLDER);
        for (depth, name) in path.components().enumerate() {
            if res.1 != FOLDER {
                return Ok(None);
            }
            let tree = self.objects.tree(res.0, depth)?;
            let Some(entry) = tree.get_name_bytes(name) else { return Ok(None) };
            res = (entry.id(), mode(&entry));
        }
        Ok(Some(res))
    }
}

impl Snapshot for TreeSnapshot {
    fn list(&self, dir: &RepoPath) -> Result<Vec<Entry>> {
        match self.lookup(dir)? {
            Some((oid, FOLDER)) => {
                let key = (oid, dir.clone());
                if let Some(known) = self.objects.listed.borrow().get(&key) {
                    return Ok(known.clone());
                }
                let mut prefix = dir.as_bytes().to_vec();
                if !prefix.is_empty() {
                    prefix.push(b'/');
                }
                let mut res = Vec::new();
                walk(&self.objects, oid, &mut prefix, 0, &mut res)?;
                self.objects.listed.borrow_mut().insert(key, res.clone());
                Ok(res)
            }
            Some(_) => Ok(self.find(dir)?.into_iter().collect()),
            None => Ok(Vec::new()),
        }
    }

    fn find(&self, path: &RepoPath) -> Result<Option<Entry>> {
        let Some((oid, mode)) = self.lookup(path)? else { return Ok(None) };
        Ok(kind(mode).map(|kind| Entry { path: path.clone(), blob: BlobId(oid), kind }))
    }

    fn read(&self, entries: &[&Entry]) -> Result<Vec<Blob>> {
        self.objects.read(entries)
    }
}

pub(super) const FOLDER: u32 = 0o040000;

pub(super) fn mode(entry: &TreeEntry<'_>) -> u32 {
    entry.filemode_raw() as u32 & 0o170000
}

/// The files of a tree; git's order of names makes them come out sorted by path bytes.
fn walk(objects: &Objects, oid: Oid, prefix: &mut Vec<u8>, depth: usize, res: &mut Vec<Entry>) -> Result<()> {
    let start = prefix.len();
    for entry in &objects.tree(oid, depth)? {
        prefix.extend_from_slice(entry.name_bytes());
        let mode = mode(&entry);
        if mode == FOLDER {
            prefix.push(b'/');
            walk(objects, entry.id(), prefix, depth + 1, res)?;
        } else if let Some(kind) = kind(mode) {
            res.push(Entry { path: RepoPath::new(&prefix), blob: BlobId(entry.id()), kind });
        }
        prefix.truncate(start);
    }
    Ok(())
}
