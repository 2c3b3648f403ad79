//! What differs between two trees, or between a tree and the index, without looking into folders that are equal.

use super::Entry;
use crate::source::RepoPath;

/// One path that differs. A path that is not there on one side is `None` there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: RepoPath,
    pub old: Option<Entry>,
    pub new: Option<Entry>,
}
