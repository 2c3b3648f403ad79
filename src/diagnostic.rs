//! What is reported: plain data. Rules make diagnostics, `render` prints them, nothing else does either.

use std::sync::Arc;

use crate::source::{RepoPath, Source, Span};

/// How much a diagnostic weighs. `Error` refuses; `Warning` does not; `Note` is for what was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A place in a file and what is to be said about it.
#[derive(Clone, Debug)]
pub struct Label {
    pub source: Arc<Source>,
    pub span: Span,
    pub text: String,
}

/// One thing reported.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule's slug.
    pub rule: &'static str,
    pub severity: Severity,
    /// Lower-case start, no full stop: what is wrong here.
    pub message: String,
    /// Name of the environment it is about.
    pub environment: String,
    /// Ids of the revisions it is about.
    pub revisions: Vec<String>,
    /// The first is the primary one; there may be none (a problem without a place in a file).
    pub labels: Vec<Label>,
    /// Where heads part, to be drawn under the frame.
    pub fork: Option<Fork>,
    /// More to know, a remark an item.
    pub notes: Vec<String>,
    /// What to type, a step a line.
    pub help: Vec<String>,
}

/// Heads, and the revision their lines of descent part from.
#[derive(Clone, Debug)]
pub struct Fork {
    /// The nearest revision all branches share; `None` when they share none.
    pub parent: Option<Revision>,
    pub branches: Vec<Branch>,
}

/// One line of descent and its head.
#[derive(Clone, Debug)]
pub struct Branch {
    pub head: Revision,
    /// Revisions between the parent and the head.
    pub between: usize,
    /// Where the head was first seen.
    pub side: Side,
    /// What is known of where it comes from (a branch, a commit); whoever can ask git fills it in.
    pub note: String,
}

/// One revision as it is shown.
#[derive(Clone, Debug)]
pub struct Revision {
    pub id: String,
    /// First line of its documentation; may be empty.
    pub message: String,
    pub path: RepoPath,
}

/// Which of the trees that were compared has something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Only the tree that is checked.
    Ours,
    /// The parent of that number already.
    Parent(usize),
    /// The base branch of that number.
    Base(usize),
}
