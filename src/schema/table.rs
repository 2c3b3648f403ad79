//! The state of a database at a moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Name, OtherKind, Type};
use crate::source::Span;

/// Where something was made: the number of the revision in its graph, and the place in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub revision: usize,
    pub span: Span,
}

/// How sure we are that something is there as it is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Made (or dropped) under a condition that we cannot decide, or by something we only half understand. No rule speaks
    /// with certainty about it, in either direction.
    Maybe,
    Certain,
}

/// Everything in a database. Cheap to clone: tables and types are shared until they change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    pub tables: BTreeMap<Name, Arc<Table>>,
    pub enums: BTreeMap<Name, Arc<EnumType>>,
    /// Views, sequences, schemas, domains …: what only has a name.
    pub others: BTreeMap<(OtherKind, Name), Certainty>,
    // what else `apply` needs (names that may or may not be there although they stand nowhere above, whether something
    // unknown may have made anything at all, enum types made in this run, values not yet committed …) is its author's to add
}

#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// In the order PostgreSQL has them.
    pub columns: Vec<Column>,
    pub constraints: Vec<Constraint>,
    pub indexes: Vec<Index>,
    pub certainty: Certainty,
    /// There may be columns, indexes and constraints that are not listed, and those listed may have changed.
    pub opaque: bool,
    pub rows: Rows,
    pub origin: Option<Origin>,
}

/// Whether a table holds rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Made in this revision, and nothing inserted.
    None,
    Possible,
    /// A migration inserted some for sure.
    Some,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: Arc<str>,
    pub ty: Type,
    pub nullable: bool,
    pub default: Default,
    pub certainty: Certainty,
    pub origin: Option<Origin>,
}

/// What the database fills in when an INSERT leaves a column out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Default {
    None,
    /// An expression as written, when known; serial, identity and generated columns count as well.
    Some(Option<Arc<str>>),
    /// There may be one.
    Unknown,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// PostgreSQL's own where none was given (`t_pkey`, `t_a_key`, `t_a_fkey`, `t_a_check`); `None` when it cannot be told.
    pub name: Option<Arc<str>>,
    pub kind: ConstraintKind,
    /// Empty when they cannot be told.
    pub columns: Vec<Arc<str>>,
    pub certainty: Certainty,
    pub origin: Option<Origin>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ConstraintKind {
    Primary,
    Unique,
    Foreign(Reference),
    Check,
    Exclude,
}

/// What a foreign key points at.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    pub table: Name,
    /// Empty: the primary key.
    pub columns: Vec<Arc<str>>,
    pub on_delete: Option<Arc<str>>,
    pub on_update: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// It lives in the schema of its table.
    pub name: Arc<str>,
    /// A column, or `None` for an expression.
    pub columns: Vec<Option<Arc<str>>>,
    pub unique: bool,
    pub certainty: Certainty,
    pub origin: Option<Origin>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct EnumType {
    /// `None` when they cannot be told.
    pub values: Option<Vec<Arc<str>>>,
    pub certainty: Certainty,
    pub origin: Option<Origin>,
}
