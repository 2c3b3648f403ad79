//! What PostgreSQL (or SQLAlchemy, before it) says of an operation that does not fit.

use std::sync::Arc;

use super::{Name, Origin, OtherKind};
use crate::source::Span;

/// Something with a name, as operations refer to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    Table(Name),
    Column(Name, Arc<str>),
    Constraint(Name, Arc<str>),
    Index(Name),
    Type(Name),
    EnumValue(Name, Arc<str>),
    Other(OtherKind, Name),
}

/// An operation that must fail.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub error: Error,
    pub span: Span,
    pub runs: Runs,
    /// What it is about that is there, and where that was made.
    pub related: Vec<(Object, Origin)>,
}

/// In which way of running an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// In both.
    Every,
    /// Only when all revisions run at once, as on a new database.
    Once,
    /// Only when earlier revisions ran before, in a run of their own, as on a deployed database.
    Each,
}

/// An error, with what its text needs. `sqlstate` and `message` give it in PostgreSQL's own words.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// 42P01, 42703, 42704: what an operation names is not there.
    Undefined { object: Object, statement: Statement },
    /// 42P07, 42701, 42710: what it makes is there already.
    Duplicate { object: Object },
    /// 42601 and other refusals of the text itself.
    Invalid { sqlstate: &'static str, message: String, reason: Reason },
    /// 23502: an INSERT leaves out, or sets to NULL, columns that take no NULL.
    MissingValues { table: Name, columns: Vec<Arc<str>> },
    /// 23502: the table has rows, and the new or altered column would be NULL in them.
    ContainsNulls { table: Name, column: Arc<str> },
    /// 55P04: a value that the same transaction added to the type.
    UnsafeNewValue { ty: Name, value: Arc<str> },
    /// 22P02: the type has no such value.
    UnknownValue { ty: Name, value: Arc<str> },
    /// 42804: needs USING; of the column's default when `default`.
    CannotCast { table: Name, column: Arc<str>, from: String, to: String, default: bool },
    /// 2BP01: others depend on it; of an index, the constraint that it backs.
    StillUsed { object: Object, by: Vec<Object> },
    /// 42830, 42704: a foreign key needs a unique constraint there, or, without columns, a primary key.
    NotUnique { table: Name, columns: Vec<Arc<str>> },
    /// 25001.
    InsideTransaction { statement: &'static str },
    /// SQLAlchemy's CompileError: `drop_constraint(None, …)`.
    UnnamedConstraint { table: Name },
    /// SQLAlchemy's StatementError: `:name` in the text, and no value for it.
    UnboundParameter { name: String },
}

impl Error {
    /// What is there, and stands in the way or lacks something.
    pub(super) fn subjects(&self) -> Vec<Object> {
        let column = |table: &Name, column: &Arc<str>| Object::Column(table.clone(), column.clone());
        match self {
            Error::Duplicate { object } => vec![object.clone()],
            Error::MissingValues { table, columns } => columns.iter().map(|name| column(table, name)).collect(),
            Error::ContainsNulls { table, column: name } | Error::CannotCast { table, column: name, .. } => {
                vec![column(table, name)]
            }
            Error::StillUsed { by, .. } => by.clone(),
            Error::UnsafeNewValue { ty, .. } | Error::UnknownValue { ty, .. } => vec![Object::Type(ty.clone())],
            Error::NotUnique { table, .. } => vec![Object::Table(table.clone())],
            Error::Undefined { .. }
            | Error::Invalid { .. }
            | Error::InsideTransaction { .. }
            | Error::UnnamedConstraint { .. }
            | Error::UnboundParameter { .. } => Vec::new(),
        }
    }
}

/// What kind of statement named the missing thing: PostgreSQL words its errors by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statement {
    Alter,
    Drop,
    Rename,
    /// `UPDATE … SET` as well.
    Insert,
    Query,
    Create,
    /// The columns of a UNIQUE or PRIMARY KEY constraint.
    Key,
    /// The columns of a foreign key, at either end.
    ForeignKey,
}

/// Why a text is refused, as far as we can say more than PostgreSQL does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    CreateTypeIfNotExists,
    CreateOrReplaceType,
    AlterTypeIfExists,
    DropEnumValue,
    SecondPrimaryKey,
    /// A value stands twice in the list of an enum type's values.
    LabelTwice,
    Syntax,
}
