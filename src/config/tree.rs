//! The listing of a whole snapshot, with the questions configuration asks of it: which folders exist, where a
//! symbolic link leads, which folder a half-known path means. Reads link targets, nothing else.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use anyhow::Result;

use crate::git::{Blob, Entry, Kind, Snapshot};
use crate::source::RepoPath;

/// As many links as Linux follows for one path.
const MAX_LINKS: usize = 40;

pub struct Tree<'a> {
    pub snapshot: &'a dyn Snapshot,
    /// Sorted by path bytes.
    pub entries: Vec<Entry>,
    /// Links that were followed, and code that told something: what was found depends on them.
    pub followed: RefCell<Vec<Entry>>,
    has_links: bool,
    /// Folders that hold `env.py` or `script.py.mako`, or a folder `versions`.
    script_folders: BTreeSet<RepoPath>,
    python_folders: OnceCell<BTreeSet<RepoPath>>,
}

impl<'a> Tree<'a> {
    pub fn new(snapshot: &'a dyn Snapshot) -> Result<Self> {
        let entries = snapshot.list(&RepoPath::root())?;
        let mut script_folders = BTreeSet::new();
        for entry in &entries {
            if matches!(entry.path.file_name(), b"env.py" | b"script.py.mako") {
                script_folders.insert(entry.path.parent());
            } else if entry.path.as_bytes().ends_with(b".py") {
                let folder = parent(entry.path.as_bytes());
                if file_name(folder) == b"versions" {
                    script_folders.insert(RepoPath::new(parent(folder)));
                }
            }
        }
        let has_links = entries.iter().any(|entry| entry.kind == Kind::Link);
        Ok(Self {
            snapshot,
            entries,
            followed: RefCell::default(),
            has_links,
            script_folders,
            python_folders: OnceCell::new(),
        })
    }

    pub fn find(&self, path: &RepoPath) -> Option<&Entry> {
        self.entries.binary_search_by(|entry| entry.path.cmp(path)).ok().map(|at| &self.entries[at])
    }

    /// Every file below the folder, at any depth.
    pub fn below(&self, folder: &RepoPath) -> &[Entry] {
        if folder.is_root() {
            return &self.entries;
        }
        let prefix = [folder.as_bytes(), b"/"].concat();
        let rest = &self.entries[self.entries.partition_point(|entry| entry.path.as_bytes() < &prefix[..])..];
        &rest[..rest.partition_point(|entry| entry.path.as_bytes().starts_with(&prefix))]
    }

    /// Whether any file lies below the path; the root is always there.
    pub fn is_folder(&self, path: &RepoPath) -> bool {
        path.is_root() || !self.below(path).is_empty()
    }

    /// The folder a path leads to, links resolved; `None` when there is none.
    pub fn folder(&self, path: &RepoPath) -> Result<Option<RepoPath>> {
        if self.is_folder(path) {
            return Ok(Some(path.clone()));
        }
        if !self.has_links {
            return Ok(None);
        }
        let (real, links) = follow(self.snapshot, path)?;
        self.followed.borrow_mut().extend(links);
        Ok(real.filter(|real| self.is_folder(real)))
    }

    /// Whether a script folder of Alembic's may lie here: `env.py`, its template, or `versions/` is there.
    pub fn is_script_folder(&self, path: &RepoPath) -> bool {
        self.script_folders.contains(path)
    }

    /// Whether the folder itself holds `env.py` or `script.py.mako`.
    pub fn has_environment(&self, folder: &RepoPath) -> bool {
        self.is_script_folder(folder)
            && (self.find(&folder.join(b"env.py")).is_some() || self.find(&folder.join(b"script.py.mako")).is_some())
    }

    /// The script folder whose path ends with the longest possible tail of `parts`, at least `min` of them; of several,
    /// the one nearest to `from`.
    pub fn script_folder_by_tail(&self, parts: &[&[u8]], min: usize, from: &RepoPath) -> Option<RepoPath> {
        by_tail(&self.script_folders, parts, min, from)
    }

    /// The folder with Python files whose path ends with the longest possible tail of `parts`, at least `min` of them; of several,
    /// the one nearest to `from`.
    pub fn folder_by_tail(&self, parts: &[&[u8]], min: usize, from: &RepoPath) -> Option<RepoPath> {
        let folders = self.python_folders.get_or_init(|| {
            let files = self.entries.iter().filter(|entry| entry.path.as_bytes().ends_with(b".py"));
            files.map(|entry| entry.path.parent()).collect()
        });
        by_tail(folders, parts, min, from)
    }
}

/// Follows links in any component of a path. What it leads to (which may not exist; `None` when that lies outside the repository
/// or goes in circles), and the links passed.
pub fn follow(snapshot: &dyn Snapshot, path: &RepoPath) -> Result<(Option<RepoPath>, Vec<Entry>)> {
    let mut path = path.clone();
    let mut passed = Vec::new();
    while passed.len() < MAX_LINKS {
        let Some(link) = first_link(snapshot, &path)? else { return Ok((Some(path), passed)) };
        let target = match snapshot.read(&[&link])?.pop() {
            Some(Blob::Bytes(bytes)) if !bytes.starts_with(b"/") => bytes,
            _ => return Ok((None, passed)),
        };
        let rest = path.relative_to(&link.path).unwrap_or_default();
        let next = link.path.parent().resolve(&target).and_then(|real| real.resolve(rest));
        passed.push(link);
        match next {
            Some(next) => path = next,
            None => return Ok((None, passed)),
        }
    }
    Ok((None, passed))
}

fn first_link(snapshot: &dyn Snapshot, path: &RepoPath) -> Result<Option<Entry>> {
    let mut prefix = RepoPath::root();
    for part in path.components() {
        prefix = prefix.join(part);
        if let Some(entry) = snapshot.find(&prefix)?.filter(|entry| entry.kind == Kind::Link) {
            return Ok(Some(entry));
        }
    }
    Ok(None)
}

/// How many steps lie between two folders.
pub fn distance(a: &RepoPath, b: &RepoPath) -> usize {
    let n_common = a.components().zip(b.components()).take_while(|(x, y)| x == y).count();
    a.components().count() + b.components().count() - 2 * n_common
}

pub fn parent(path: &[u8]) -> &[u8] {
    path.iter().rposition(|&b| b == b'/').map_or(b"", |at| &path[..at])
}

pub fn file_name(path: &[u8]) -> &[u8] {
    path.iter().rposition(|&b| b == b'/').map_or(path, |at| &path[at + 1..])
}

fn by_tail(folders: &BTreeSet<RepoPath>, parts: &[&[u8]], min: usize, from: &RepoPath) -> Option<RepoPath> {
    (min.max(1)..=parts.len()).rev().find_map(|n| {
        let tail = parts[parts.len() - n..].join(&b'/');
        let ends_so = |folder: &&RepoPath| match folder.as_bytes().strip_suffix(&tail[..]) {
            Some(rest) => rest.is_empty() || rest.ends_with(b"/"),
            None => false,
        };
        folders.iter().filter(ends_so).min_by_key(|folder| (distance(folder, from), folder.as_bytes())).cloned()
    })
}
