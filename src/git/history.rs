//! What commits and refs say: revisions, parents, merge bases, who changed what.

use std::fs;
use std::io::ErrorKind;
use std::rc::Rc;

use anyhow::{Context, Result, anyhow, bail};
use git2::{BranchType, Commit, ErrorCode, Oid};
use time::OffsetDateTime;

use super::{CommitId, Merged, Repository, Snapshot, TreeSnapshot};
use crate::source::{RepoPath, escape};

/// What to say about a commit. The texts are as the repository has them: not escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitInfo {
    pub id: CommitId,
    /// The first seven digits of the id.
    pub short: String,
    pub author: String,
    /// The author's day, `YYYY-MM-DD`.
    pub date: String,
    pub summary: String,
}

/// How many commits [`Repository::last_change`] looks at.
const MAX_WALK: usize = 2000;

/// How deep merge bases of merge bases are followed. Each level costs a merge; histories that criss-cross further are
/// folded with nothing known below, which can only call more a conflict.
const MAX_FOLD: usize = 8;

impl Repository {
    /// The commit that a revision (`HEAD~2`, `origin/develop`, a tag, an id) names.
    pub fn resolve(&self, revision: &str) -> Result<CommitId> {
        let object = self.inner().revparse_single(revision).and_then(|object| object.peel_to_commit());
        object.map(|commit| CommitId(commit.id())).map_err(|error| {
            let revision = escape(revision);
            let hint =
                if self.is_shallow() { "; the clone is shallow: `git fetch --unshallow` brings the rest" } else { "" };
            match error.code() {
                ErrorCode::NotFound => anyhow!("no commit `{revision}` in this clone{hint}"),
                _ => anyhow!("`{revision}` does not name a commit: {}{hint}", escape(error.message())),
            }
        })
    }

    /// HEAD's commit; `None` when HEAD is unborn.
    pub fn head(&self) -> Result<Option<CommitId>> {
        match self.inner().head().and_then(|head| head.peel_to_commit()) {
            Ok(commit) => Ok(Some(CommitId(commit.id()))),
            Err(error) if error.code() == ErrorCode::UnbornBranch => Ok(None),
            Err(error) => Err(anyhow!("HEAD cannot be read: {}; `git status` may say more", escape(error.message()))),
        }
    }

    /// The name of the branch HEAD is on, born or not (`feature/x`); `None` when HEAD is detached.
    pub fn head_branch(&self) -> Option<String> {
        let head = self.inner().find_reference("HEAD").ok()?;
        let target = head.symbolic_target_bytes()?.strip_prefix(b"refs/heads/")?;
        Some(String::from_utf8_lossy(target).into_owned())
    }

    pub fn parents(&self, commit: CommitId) -> Result<Vec<CommitId>> {
        Ok(self.commit(commit)?.parent_ids().map(CommitId).collect())
    }

    /// The other parents of a merge that is being concluded (MERGE_HEAD); empty when none is.
    pub fn merge_heads(&self) -> Result<Vec<CommitId>> {
        match fs::read_to_string(self.git_dir().join("MERGE_HEAD")) {
            Ok(text) => {
                text.lines().map(|line| CommitId::from_hex(line.trim()).context("MERGE_HEAD is malformed")).collect()
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error).context("reading MERGE_HEAD"),
        }
    }

    /// All best common ancestors.
    pub fn merge_bases(&self, a: CommitId, b: CommitId) -> Result<Vec<CommitId>> {
        self.merge_bases_with_any(a, &[b])
    }

    pub fn snapshot(&self, commit: CommitId) -> Result<TreeSnapshot> {
        Ok(TreeSnapshot::new(Rc::clone(self.objects()), self.tree_id(commit)?))
    }

    /// `ours` merged with `theirs`; `ours_commits` are the commits `ours` is, or is about to become a child of.
    /// Histories that share nothing merge over an empty base; an error in a shallow clone, which cannot know.
    pub fn merged(&self, ours: Rc<dyn Snapshot>, ours_commits: &[CommitId], theirs: CommitId) -> Result<Merged> {
        let bases = self.merge_bases_with_any(theirs, ours_commits)?;
        if let ([ours, ..], true) = (ours_commits, bases.is_empty() && self.is_shallow()) {
            let [ours, theirs] = [self.describe(*ours)?.short, self.describe(theirs)?.short];
            bail!(
                "the clone is shallow: where {ours} and {theirs} part is not in it; `git fetch --unshallow` brings it, \
                 or `git fetch --deepen=100` if they are close"
            );
        }
        Ok(Merged::new(ours, Rc::new(self.snapshot(theirs)?), self.fold(&bases, 0)?))
    }

    pub fn describe(&self, commit: CommitId) -> Result<CommitInfo> {
        Ok(info(&self.commit(commit)?))
    }

    /// The newest commit reachable from `tip` that changed `path`; `None` when it is not found near enough. Of a merge's
    /// parents, the first that has `path` as the merge has it is followed, as `git log` does.
    pub fn last_change(&self, tip: CommitId, path: &RepoPath) -> Option<CommitInfo> {
        let at = |commit: &Commit<'_>| TreeSnapshot::new(Rc::clone(self.objects()), commit.tree_id()).find(path).ok();
        let mut commit = self.commit(tip).ok()?;
        let wanted = at(&commit)?;
        for _ in 0..MAX_WALK {
            let ids: Vec<Oid> = commit.parent_ids().collect();
            // A parent that is not in this clone may have had the same.
            let parents: Vec<_> = ids.iter().map(|&id| self.inner().find_commit(id)).collect::<Result<_, _>>().ok()?;
            let same = parents.iter().find(|parent| at(parent).as_ref() == Some(&wanted));
            match same {
                Some(parent) => commit = parent.clone(),
                None if ids.is_empty() && wanted.is_none() => return None,
                None => return Some(info(&commit)),
            }
        }
        None
    }

    /// A branch whose tip is this commit, as a user would type it: a local one before a remote one.
    pub fn branch_at(&self, commit: CommitId) -> Option<String> {
        let repository = &self.objects().repository;
        [BranchType::Local, BranchType::Remote].into_iter().find_map(|kind| {
            let mut branches = repository.branches(Some(kind)).ok()?.flatten();
            let (branch, _) = branches.find(|(branch, _)| branch.get().target() == Some(commit.0))?;
            branch.name_bytes().ok().map(|name| String::from_utf8_lossy(name).into_owned())
        })
    }

    /// Whether the object is in this clone.
    pub fn contains_object(&self, id: CommitId) -> bool {
        self.inner().odb().is_ok_and(|odb| odb.exists(id.0))
    }

    pub(super) fn tree_id(&self, commit: CommitId) -> Result<Oid> {
        Ok(self.commit(commit)?.tree_id())
    }

    fn commit(&self, id: CommitId) -> Result<Commit<'_>> {
        self.inner().find_commit(id.0).map_err(|error| match error.code() {
            ErrorCode::NotFound => anyhow!("commit {id} is not in this clone; `git fetch` may bring it"),
            _ => anyhow!("{id} cannot be read as a commit: {}", escape(error.message())),
        })
    }

    /// The best common ancestors of `one` and of a commit whose parents are `others`.
    fn merge_bases_with_any(&self, one: CommitId, others: &[CommitId]) -> Result<Vec<CommitId>> {
        if others.is_empty() {
            return Ok(Vec::new());
        }
        let oids: Vec<Oid> = [one].iter().chain(others).map(|commit| commit.0).collect();
        match self.inner().merge_bases_many(&oids) {
            Ok(bases) => Ok(bases.iter().copied().map(CommitId).collect()),
            Err(error) if error.code() == ErrorCode::NotFound => {
                // Said of a commit that is not there, too.
                others.iter().chain([&one]).try_for_each(|&commit| self.commit(commit).map(drop))?;
                Ok(Vec::new())
            }
            Err(error) => Err(anyhow!("looking for merge bases: {}", escape(error.message()))),
        }
    }

    /// Several merge bases as one: they are merged over their own merge bases, as git's merge does.
    fn fold(&self, bases: &[CommitId], depth: usize) -> Result<Vec<Rc<dyn Snapshot>>> {
        let mut res: Vec<Rc<dyn Snapshot>> = Vec::new();
        for (i, &base) in bases.iter().enumerate() {
            let theirs: Rc<dyn Snapshot> = Rc::new(self.snapshot(base)?);
            let folded: Rc<dyn Snapshot> = match res.pop() {
                None => theirs,
                Some(ours) if depth < MAX_FOLD => {
                    let below = self.merge_bases_with_any(base, &bases[..i])?;
                    Rc::new(Merged::new(ours, theirs, self.fold(&below, depth + 1)?))
                }
                Some(ours) => Rc::new(Merged::new(ours, theirs, Vec::new())),
            };
            res.push(folded);
        }
        Ok(res)
    }
}

fn info(commit: &Commit<'_>) -> CommitInfo {
    let author = commit.author();
    let time = author.when();
    CommitInfo {
        id: CommitId(commit.id()),
        short: commit.id().to_string()[..7].to_string(),
        author: String::from_utf8_lossy(author.name_bytes()).into_owned(),
        date: date(time.seconds().saturating_add(i64::from(time.offset_minutes()) * 60)),
        summary: String::from_utf8_lossy(commit.summary_bytes().unwrap_or_default()).into_owned(),
    }
}

/// The day of a Unix time; empty where there is no such day.
fn date(seconds: i64) -> String {
    OffsetDateTime::from_unix_timestamp(seconds).map(|time| time.date().to_string()).unwrap_or_default()
}
