//! Operations on a database, however they were written: `op.*` directives and SQL text both come out as these.

use std::fmt;
use std::sync::Arc;

use super::{Comment, Constraint, Default, Name, Object, Order, Type};
use crate::source::Span;

/// One operation of a migration, in the order of execution.
#[derive(Clone, Debug, PartialEq)]
pub struct Op {
    pub action: Action,
    /// Where in the revision's own file it is written (for SQL, the statement inside the string where that can be told).
    pub span: Span,
    /// What must hold for it to run; empty: it always does.
    pub guards: Vec<Guard>,
}

impl Op {
    /// Whether it surely changes what a downgrade would have to bring back.
    pub fn is_reversible_change(&self) -> bool {
        self.guards.is_empty() && self.action.is_reversible_change()
    }
}

/// A condition around an operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Guard {
    /// Runs when the object exists (or, with `holds` false, when it does not).
    Exists { object: Object, holds: bool },
    /// May or may not run.
    Unknown,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    CreateTable(TableDef),
    DropTable {
        name: Name,
        if_exists: bool,
        cascade: bool,
    },
    RenameTable {
        name: Name,
        to: Arc<str>,
        if_exists: bool,
    },
    AddColumn {
        table: Name,
        column: ColumnDef,
        if_not_exists: bool,
    },
    DropColumn {
        table: Name,
        column: Arc<str>,
        if_exists: bool,
        cascade: bool,
    },
    /// As Alembic runs it: type, then nullable, then default, then name.
    AlterColumn {
        table: Name,
        column: Arc<str>,
        retype: Option<Retype>,
        nullable: Option<bool>,
        default: Option<DefaultChange>,
        rename: Option<Arc<str>>,
    },
    /// A constraint without a name gets PostgreSQL's; one whose name cannot be told is an [`Action::Unknown`].
    AddConstraint {
        table: Name,
        constraint: Constraint,
    },
    /// `name` is `None` when it cannot be told.
    DropConstraint {
        table: Name,
        name: Option<Arc<str>>,
        if_exists: bool,
        cascade: bool,
    },
    RenameConstraint {
        table: Name,
        name: Arc<str>,
        to: Arc<str>,
    },
    CreateIndex {
        table: Name,
        index: IndexDef,
    },
    /// `table` when it was said. An index is found by its name in the schema of `name`.
    DropIndex {
        name: Name,
        table: Option<Name>,
        if_exists: bool,
        cascade: bool,
        concurrently: bool,
    },
    RenameIndex {
        name: Name,
        to: Arc<str>,
        if_exists: bool,
    },
    CreateEnum {
        definition: EnumDef,
        if_missing: bool,
    },
    /// An enum, or any other type.
    DropType {
        name: Name,
        if_exists: bool,
        cascade: bool,
    },
    RenameType {
        name: Name,
        to: Arc<str>,
    },
    AddEnumValue {
        ty: Name,
        value: Arc<str>,
        if_not_exists: bool,
        before: Option<Arc<str>>,
        after: Option<Arc<str>>,
    },
    RenameEnumValue {
        ty: Name,
        from: Arc<str>,
        to: Arc<str>,
    },
    /// alembic-postgresql-enum's `sync_enum_values`: the type gets exactly these values, usable at once.
    SetEnumValues {
        ty: Name,
        values: Option<Vec<Arc<str>>>,
    },
    CreateOther {
        kind: OtherKind,
        name: Name,
        if_not_exists: bool,
        or_replace: bool,
    },
    DropOther {
        kind: OtherKind,
        name: Name,
        if_exists: bool,
        cascade: bool,
    },
    RenameOther {
        kind: OtherKind,
        name: Name,
        to: Arc<str>,
    },
    /// A table, type, index, sequence or view moves to another schema (`None`: `public`).
    SetSchema {
        object: Object,
        to: Option<Arc<str>>,
    },
    /// A comment on a table, or on one of its columns.
    Comment {
        table: Name,
        column: Option<Arc<str>>,
        comment: Comment,
    },
    Insert {
        table: Name,
        /// `None`: no list was written, so the values are for all columns in order.
        columns: Option<Vec<Arc<str>>>,
        rows: Inserted,
        /// Columns that SQLAlchemy fills from a `default=` of its own (`bulk_insert` on a real `Table`).
        filled: Vec<Arc<str>>,
        /// `ON CONFLICT` changes nothing about NOT NULL; kept for completeness of what is read.
        compares: Vec<Comparison>,
    },
    Update {
        table: Name,
        assignments: Vec<(Arc<str>, Scalar)>,
        compares: Vec<Comparison>,
    },
    Delete {
        table: Name,
        compares: Vec<Comparison>,
    },
    /// A query whose result we do not follow: the tables it names.
    Select {
        tables: Vec<Name>,
        compares: Vec<Comparison>,
    },
    /// `COMMIT`, and the edges of `autocommit_block()`.
    Commit,
    EnterAutocommit,
    LeaveAutocommit,
    /// PostgreSQL cannot run the statement whatever it holds: `error` is what it says.
    Refused(super::Error),
    /// The migration raises an exception here on purpose (`raise NotImplementedError`).
    Raise,
    /// Something that we do not understand, and what it may touch.
    Unknown {
        text: String,
        touches: Touches,
    },
    /// Understood, and of no consequence for the schema (`SET`, `ANALYZE`, `GRANT` …).
    Nothing,
}

/// What an operation that we do not understand may have changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Touches {
    Objects(Vec<Object>),
    /// The rows of any table, and nothing that is defined.
    Rows,
    /// Anything: from here on nothing is certain.
    Anything,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TableDef {
    pub name: Name,
    pub columns: Vec<ColumnDef>,
    pub constraints: Vec<Constraint>,
    pub indexes: Vec<IndexDef>,
    pub if_not_exists: bool,
    /// There is more in it than could be read (`LIKE`, `AS SELECT`, `*columns`).
    pub opaque: bool,
    /// `CREATE TEMPORARY TABLE`.
    pub temporary: bool,
    pub comment: Comment,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDef {
    pub name: Arc<str>,
    pub ty: Type,
    /// The enum type that comes with the column's type, when it was written as an Enum and not by name alone.
    pub enumeration: Option<EnumDef>,
    /// As it ends up: primary keys, serial and identity columns are not nullable.
    pub nullable: bool,
    pub default: Default,
    /// Constraints written on the column: UNIQUE, foreign keys, CHECK, and `primary_key` in a CREATE TABLE.
    pub constraints: Vec<Constraint>,
    /// `index=True`.
    pub index: Option<IndexDef>,
    /// Whether `nullable`, `default` or `ty` may be other than said (`**kwargs` of unknown content).
    pub certain: bool,
    pub comment: Comment,
}

#[derive(Clone, Debug, PartialEq)]
pub struct IndexDef {
    /// `None`: PostgreSQL makes one up (`t_a_idx`). An index whose name cannot be told is an [`Action::Unknown`].
    pub name: Option<Arc<str>>,
    /// A column, or `None` for an expression.
    pub columns: Vec<Option<Arc<str>>>,
    pub unique: bool,
    /// As in an [`Index`](super::Index).
    pub orders: Vec<Order>,
    pub if_not_exists: bool,
    pub concurrently: bool,
    /// Literals the predicate or an expression compares a column with.
    pub compares: Vec<Comparison>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct EnumDef {
    pub name: Name,
    /// `None` when they cannot be told.
    pub values: Option<Vec<Arc<str>>>,
    pub creation: TypeCreation,
}

/// Whether `op.create_table` with a column of the type emits CREATE TYPE (reference: SQLAlchemy's `SchemaType` and
/// `postgresql.ENUM`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeCreation {
    /// Once a run, without looking whether it is there.
    WithTable,
    /// Never: `postgresql.ENUM(create_type=False)`, or SQL text.
    Never,
    /// `sa.Enum(create_type=False)`: up to SQLAlchemy 2.0 the argument is ignored, from 2.1 on it counts.
    IgnoredBefore21,
    /// `sa.Enum(metadata=…)`: up to SQLAlchemy 2.0 not made with the table, from 2.1 on it is.
    From21,
    Unknown,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Retype {
    pub ty: Type,
    pub enumeration: Option<EnumDef>,
    pub using: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum DefaultChange {
    Drop,
    /// The expression as written, when known.
    Set(Scalar),
    Unknown,
}

/// Rows of an INSERT.
#[derive(Clone, Debug, PartialEq)]
pub enum Inserted {
    /// `VALUES`; each row as long as the list of columns.
    Values(Vec<Vec<Scalar>>),
    /// `INSERT … SELECT`, or rows that cannot be told: perhaps none.
    Query,
    /// `INSERT … SELECT` without conditions: there are rows where each of these tables has some.
    AllOf(Vec<Name>),
    /// `DEFAULT VALUES`.
    Defaults,
}

/// A value in SQL, as far as it matters.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    Null,
    /// The keyword `DEFAULT`.
    Default,
    /// A string literal without a cast to another type.
    Text(Arc<str>),
    Other,
}

/// `column = 'literal'` and its like: PostgreSQL reads the literal as a value of the column's type.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The table when the text says, else one of the statement's.
    pub table: Option<Name>,
    pub column: Arc<str>,
    pub literal: Arc<str>,
}

/// Things that only have a name here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OtherKind {
    Schema,
    Sequence,
    View,
    MaterializedView,
    /// A domain, composite or range type.
    Type,
    Extension,
    Function,
    Trigger,
}

impl fmt::Display for OtherKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OtherKind::Schema => "schema",
            OtherKind::Sequence => "sequence",
            OtherKind::View => "view",
            OtherKind::MaterializedView => "materialized view",
            OtherKind::Type => "type",
            OtherKind::Extension => "extension",
            OtherKind::Function => "function",
            OtherKind::Trigger => "trigger",
        })
    }
}
