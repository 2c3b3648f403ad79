//! Which branch the work will be merged into.

use anyhow::{Result, bail};

use super::{CommitId, Repository};

/// A branch to merge with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// As a user would type it: `origin/develop`.
    pub name: String,
    pub commit: CommitId,
    /// `refs/remotes/origin/develop`; empty when `wanted` was a revision that is no branch.
    pub full_ref: String,
}

impl Repository {
    /// The base branch as last fetched from the remote, and as it is here, in this order; only one of them when
    /// both are the same commit. Empty: there is none.
    ///
    /// `wanted` (flag or configuration) is a branch name or any revision; one that does not exist is an error. Without it the
    /// first of `develop`, `main`, `master` that exists counts. `remote` is the one pushed to (a name or a URL), else the upstream
    /// remote of HEAD's branch, `origin`, or the only one. `pushing` is the local ref being pushed: it, or without a push the
    /// branch that HEAD is on, is no base of itself.
    pub fn base_candidates(
        &self,
        _wanted: Option<&str>,
        _remote: Option<&str>,
        _pushing: Option<&str>,
    ) -> Result<Vec<Base>> {
        bail!("not written yet")
    }
}
