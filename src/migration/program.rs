//! What a revision does: its operations. Only data.

use crate::schema::Op;

/// A revision, lowered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// In the order of execution.
    pub upgrade: Vec<Op>,
    /// `None` when it was not asked for, or the file defines none.
    pub downgrade: Option<Vec<Op>>,
    /// Nothing is known of what it does: there is no `upgrade` that could be read.
    pub unknown: bool,
    /// How many calls of `op.*` and of `execute` there are.
    pub n_calls: usize,
    /// How many of them were understood.
    pub n_known: usize,
    /// The modules that its code asks for and that are not held, by their dotted names.
    pub missing: Vec<String>,
}
