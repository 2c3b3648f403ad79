//! Opening a repository as git would, and what its commits and refs say.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::rc::Rc;

use anyhow::{Result, bail};

use super::{Change, CommitId, IndexSnapshot, Merged, Snapshot, TreeSnapshot, WorkTreeSnapshot};
use crate::source::RepoPath;

/// An open repository.
pub struct Repository {
    _inner: Rc<()>,
}

/// What to say about a commit. The texts are as the repository has them: not escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitInfo {
    pub id: CommitId,
    /// The id cut to seven digits.
    pub short: String,
    pub author: String,
    /// The author's day, `YYYY-MM-DD`.
    pub date: String,
    pub summary: String,
}

impl Repository {
    /// Opens the repository that git would use in `dir` (absolute) with this environment: `GIT_DIR`, `GIT_WORK_TREE`,
    /// `GIT_INDEX_FILE`, `GIT_OBJECT_DIRECTORY`, `GIT_ALTERNATE_OBJECT_DIRECTORIES`, `GIT_CEILING_DIRECTORIES`.
    /// The error says why it cannot be read and what to do.
    pub fn open(_dir: &Path, _env: &BTreeMap<OsString, OsString>) -> Result<Self> {
        bail!("not written yet")
    }

    /// The top of the work tree; `None` in a bare repository.
    pub fn work_dir(&self) -> Option<&Path> {
        None
    }

    /// The git directory of this work tree (of a linked one: its own).
    pub fn git_dir(&self) -> &Path {
        Path::new("")
    }

    pub fn is_bare(&self) -> bool {
        false
    }

    pub fn is_shallow(&self) -> bool {
        false
    }

    /// What is staged. An index file that does not exist is empty.
    pub fn index(&self) -> Result<IndexSnapshot> {
        bail!("not written yet")
    }

    /// The files on disk. An error in a bare repository.
    pub fn work_tree(&self) -> Result<WorkTreeSnapshot> {
        bail!("not written yet")
    }

    pub fn snapshot(&self, _commit: CommitId) -> Result<TreeSnapshot> {
        bail!("not written yet")
    }

    /// `ours` merged with `theirs`; `ours_commits` are the commits `ours` is, or is about to become a child of.
    /// Histories that share nothing merge over an empty base; an error in a shallow clone, which cannot know.
    pub fn merged(&self, _ours: Rc<dyn Snapshot>, _ours_commits: &[CommitId], _theirs: CommitId) -> Result<Merged> {
        bail!("not written yet")
    }

    /// What the index changes against the tree of `head` (`None`, unborn: against nothing), sorted by path bytes.
    pub fn staged(&self, _index: &IndexSnapshot, _head: Option<CommitId>) -> Result<Vec<Change>> {
        bail!("not written yet")
    }

    /// What differs from the tree of `old` to that of `new`, sorted by path bytes.
    pub fn tree_changes(&self, _old: CommitId, _new: CommitId) -> Result<Vec<Change>> {
        bail!("not written yet")
    }

    /// The commit that a revision (`HEAD~2`, `origin/develop`, a tag, an id) names.
    pub fn resolve(&self, _revision: &str) -> Result<CommitId> {
        bail!("not written yet")
    }

    /// HEAD's commit; `None` when HEAD is unborn.
    pub fn head(&self) -> Result<Option<CommitId>> {
        bail!("not written yet")
    }

    /// The name of the branch HEAD is on, born or not (`feature/x`); `None` when HEAD is detached.
    pub fn head_branch(&self) -> Option<String> {
        None
    }

    pub fn parents(&self, _commit: CommitId) -> Result<Vec<CommitId>> {
        bail!("not written yet")
    }

    /// The other parents of a merge that is being concluded (MERGE_HEAD); empty when none is.
    pub fn merge_heads(&self) -> Result<Vec<CommitId>> {
        bail!("not written yet")
    }

    /// All best common ancestors.
    pub fn merge_bases(&self, _a: CommitId, _b: CommitId) -> Result<Vec<CommitId>> {
        bail!("not written yet")
    }

    pub fn describe(&self, _commit: CommitId) -> Result<CommitInfo> {
        bail!("not written yet")
    }

    /// The newest commit reachable from `tip` that changed `path`; `None` when it is not found near enough.
    pub fn last_change(&self, _tip: CommitId, _path: &RepoPath) -> Option<CommitInfo> {
        None
    }

    /// Whether the object is in this clone.
    pub fn contains_object(&self, _id: CommitId) -> bool {
        false
    }
}
