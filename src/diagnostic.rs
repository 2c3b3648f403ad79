//! What is reported: plain data. Rules make diagnostics, `render` prints them, nothing else does either.

use std::sync::Arc;

use crate::source::{Source, Span};

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
    /// Lines shown under the frame as they are: a graph, where the other revision came from.
    pub notes: Vec<String>,
    /// What to type, a step a line.
    pub help: Vec<String>,
}
