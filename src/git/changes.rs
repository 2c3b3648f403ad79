//! What differs between two trees, or between a tree and the index, without looking into folders that are equal.

use std::cmp::Ordering;
use std::ops::Range;

use anyhow::{Result, ensure};
use git2::Oid;

use super::cache_tree::CacheTree;
use super::index::{IndexFile, kind};
use super::objects::{MAX_DEPTH, Objects};
use super::tree::{FOLDER, mode};
use super::{BlobId, CommitId, Entry, IndexSnapshot, Kind, Repository};
use crate::source::RepoPath;

/// One path that differs. A path that is not there on one side is `None` there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: RepoPath,
    pub old: Option<Entry>,
    pub new: Option<Entry>,
}

impl Repository {
    /// What the index changes against the tree of `head` (`None`, unborn: against nothing), sorted by path bytes.
    pub fn staged(&self, index: &IndexSnapshot, head: Option<CommitId>) -> Result<Vec<Change>> {
        let old = head.map(|head| self.tree_folder(head)).transpose()?;
        let file = index.file();
        let cache = &CacheTree::parse(file);
        let new = IndexFolder { file, entries: 0..file.len(), prefix: 0, cache, known: cache.root() };
        let mut comparison = Comparison::default();
        comparison.folders(old, Some(new), 0)?;
        Ok(comparison.changes)
    }

    /// What differs from the tree of `old` to that of `new`, sorted by path bytes.
    pub fn tree_changes(&self, old: CommitId, new: CommitId) -> Result<Vec<Change>> {
        let mut comparison = Comparison::default();
        comparison.folders(Some(self.tree_folder(old)?), Some(self.tree_folder(new)?), 0)?;
        Ok(comparison.changes)
    }

    fn tree_folder(&self, commit: CommitId) -> Result<TreeFolder<'_>> {
        Ok(TreeFolder { objects: self.objects(), oid: self.tree_id(commit)?, depth: 0 })
    }
}

/// A folder of either side. Children come in git's order: by name, a folder's name ending in `/`.
trait Folder: Sized {
    /// The tree object that holds exactly this folder, if that is known.
    fn tree(&self) -> Result<Option<Oid>>;
    fn children(&self) -> Result<Vec<(Vec<u8>, Child<Self>)>>;
}

enum Child<F> {
    File(BlobId, Kind),
    Folder(F),
}

struct TreeFolder<'a> {
    objects: &'a Objects,
    oid: Oid,
    depth: usize,
}

impl Folder for TreeFolder<'_> {
    fn tree(&self) -> Result<Option<Oid>> {
        Ok(Some(self.oid))
    }

    fn children(&self) -> Result<Vec<(Vec<u8>, Child<Self>)>> {
        let tree = self.objects.tree(self.oid, self.depth)?;
        let mut res = Vec::with_capacity(tree.len());
        for entry in &tree {
            let mut name = entry.name_bytes().to_vec();
            let mode = mode(&entry);
            if mode == FOLDER {
                name.push(b'/');
                res.push((name, Child::Folder(Self { oid: entry.id(), depth: self.depth + 1, ..*self })));
            } else if let Some(kind) = kind(mode) {
                res.push((name, Child::File(BlobId(entry.id()), kind)));
            }
        }
        Ok(res)
    }
}

struct IndexFolder<'a> {
    file: &'a IndexFile,
    entries: Range<usize>,
    /// How many bytes of each path lead to this folder.
    prefix: usize,
    cache: &'a CacheTree,
    known: Option<usize>,
}

impl Folder for IndexFolder<'_> {
    fn tree(&self) -> Result<Option<Oid>> {
        self.known.map_or(Ok(None), |folder| self.cache.tree(self.file, folder))
    }

    fn children(&self) -> Result<Vec<(Vec<u8>, Child<Self>)>> {
        let mut res = Vec::new();
        let mut at = self.entries.start;
        while at < self.entries.end {
            let rest = &self.file.path(at)[self.prefix..];
            if let Some(slash) = rest.iter().position(|&b| b == b'/') {
                let name = &rest[..=slash];
                let is_in = |i: usize| self.file.path(i)[self.prefix..].starts_with(name);
                let end = at + (at..self.entries.end).take_while(|&i| is_in(i)).count();
                let known = self.known.and_then(|folder| self.cache.child(self.file, folder, &rest[..slash]));
                let folder = Self { entries: at..end, prefix: self.prefix + name.len(), known, ..*self };
                res.push((name.to_vec(), Child::Folder(folder)));
                at = end;
            } else {
                let group = self.file.groups(at..self.entries.end).next().unwrap_or(at..at + 1);
                at = group.end;
                if let Some((blob, kind)) = self.file.staged(group)? {
                    res.push((rest.to_vec(), Child::File(blob, kind)));
                }
            }
        }
        Ok(res)
    }
}

#[derive(Default)]
struct Comparison {
    /// The path of the folder being compared, ending in `/`.
    path: Vec<u8>,
    changes: Vec<Change>,
}

impl Comparison {
    fn folders<A: Folder, B: Folder>(&mut self, old: Option<A>, new: Option<B>, depth: usize) -> Result<()> {
        ensure!(depth <= MAX_DEPTH, "folders are nested more than {MAX_DEPTH} deep");
        if let (Some(old), Some(new)) = (&old, &new)
            && let (Some(old), Some(new)) = (old.tree()?, new.tree()?)
            && old == new
        {
            return Ok(());
        }
        let mut old = old.map_or_else(|| Ok(Vec::new()), |folder| folder.children())?.into_iter().peekable();
        let mut new = new.map_or_else(|| Ok(Vec::new()), |folder| folder.children())?.into_iter().peekable();
        loop {
            let order = match (old.peek(), new.peek()) {
                (Some((old, _)), Some((new, _))) => old.cmp(new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return Ok(()),
            };
            let left = if order.is_le() { old.next() } else { None };
            let right = if order.is_ge() { new.next() } else { None };
            self.children(left, right, depth)?;
        }
    }

    /// Compares what has the same name on both sides, or is on one only. Names of files and of folders are never the same.
    fn children<A: Folder, B: Folder>(
        &mut self,
        old: Option<(Vec<u8>, Child<A>)>,
        new: Option<(Vec<u8>, Child<B>)>,
        depth: usize,
    ) -> Result<()> {
        let start = self.path.len();
        if let Some(name) = old.as_ref().map(|(name, _)| name).or(new.as_ref().map(|(name, _)| name)) {
            self.path.extend_from_slice(name);
        }
        let (old_file, old_folder) = split(old);
        let (new_file, new_folder) = split(new);
        if old_file != new_file {
            let path = RepoPath::new(&self.path);
            let entry =
                |file: Option<(BlobId, Kind)>| file.map(|(blob, kind)| Entry { path: path.clone(), blob, kind });
            self.changes.push(Change { old: entry(old_file), new: entry(new_file), path: path.clone() });
        }
        if old_folder.is_some() || new_folder.is_some() {
            self.folders(old_folder, new_folder, depth + 1)?;
        }
        self.path.truncate(start);
        Ok(())
    }
}

fn split<F>(child: Option<(Vec<u8>, Child<F>)>) -> (Option<(BlobId, Kind)>, Option<F>) {
    match child {
        Some((_, Child::File(blob, kind))) => (Some((blob, kind)), None),
        Some((_, Child::Folder(folder))) => (None, Some(folder)),
        None => (None, None),
    }
}
