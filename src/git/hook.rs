//! What git, or a hook framework, told the hook that called us: pure functions over its environment and standard input.

use std::collections::BTreeMap;
use std::ffi::OsString;

use anyhow::{Result, bail};

use super::CommitId;

/// One ref that is about to be pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// What is pushed, as git names it: a full ref, `HEAD`, a revision, `(delete)`.
    pub local_ref: String,
    /// The object pushed; it may be an annotated tag: `Repository::resolve` peels it. `None`: the ref is deleted.
    pub local: Option<CommitId>,
    /// The full name of the ref on the other side.
    pub remote_ref: String,
    /// Where it pointed before; `None` when it is new. It need not exist here.
    pub remote: Option<CommitId>,
}

/// What a push does to its remote ref.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushKind {
    Delete,
    /// `refs/heads/…`, and what Gerrit takes for review, `refs/for/…`.
    Branch,
    /// `refs/tags/…`
    Tag,
    /// Anything else: notes, other people's remote-tracking refs in a mirror.
    Other,
}

impl Push {
    pub fn kind(&self) -> PushKind {
        let is = |prefix: &str| self.remote_ref.starts_with(prefix);
        match self.local {
            None => PushKind::Delete,
            Some(_) if is("refs/heads/") || is("refs/for/") => PushKind::Branch,
            Some(_) if is("refs/tags/") => PushKind::Tag,
            Some(_) => PushKind::Other,
        }
    }
}

/// The commits a `pre-merge-commit` hook is merging into HEAD, from the names `GITHEAD_<id>` in its environment
/// (no MERGE_HEAD exists yet). Sorted by id.
pub fn merged_commits(_env: &BTreeMap<OsString, OsString>) -> Vec<CommitId> {
    Vec::new()
}

/// The refs a `pre-push` hook is asked about: the lines of its standard input, else the one ref that pre-commit and prek
/// name in `PRE_COMMIT_TO_REF` and its companions. Empty: nothing is pushed. A malformed line is an error.
pub fn pushes(_env: &BTreeMap<OsString, OsString>, _stdin: &[u8]) -> Result<Vec<Push>> {
    bail!("not written yet")
}
