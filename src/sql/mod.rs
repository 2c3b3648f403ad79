//! SQL text, as migrations hand it to the database, into operations. Reads what changes the schema or names parts of it;
//! values matter only where they are literals. Knows nothing of Python or of what the database holds.

use std::ops::Range;

use crate::schema::{Action, Comparison, Guard, Object, Scalar, Type};

/// Stands in a text for a part that could not be evaluated.
pub const HOLE: char = '\u{fffc}';

/// Whose SQL it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    PostgreSql,
    /// Another database, or one that cannot be told: only what all share is read, and no statement is refused.
    Other,
}

/// Who looks for parameters in the text before the database sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binds<'a> {
    /// `sqlalchemy.text()`: `:name` is a parameter, `\:` a colon. Those that have values; `None`: perhaps all.
    Text(Option<&'a [&'a str]>),
    /// The driver, which knows `%s`, `%(name)s` and `$1`.
    Raw,
}

#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    pub dialect: Dialect,
    pub binds: Binds<'a>,
}

/// One operation, and the statement it comes from: a statement may be several.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub action: Action,
    pub guards: Vec<Guard>,
    /// Bytes of the text.
    pub range: Range<usize>,
}

/// What an expression is, and what it compares.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    pub scalar: Scalar,
    pub compares: Vec<Comparison>,
}

/// The operations of a text of any number of statements, in order.
pub fn parse(_text: &str, _options: &Options) -> Vec<Statement> {
    Vec::new()
}

/// The type that a text such as `varchar(50)`, `timestamptz(3)` or `int4[]` names; `bigserial` names `bigint`.
pub fn parse_type(_text: &str) -> Type {
    Type::Unknown
}

/// An expression: a default, a CHECK, the predicate of an index.
pub fn expression(_text: &str) -> Expression {
    Expression { scalar: Scalar::Other, compares: Vec::new() }
}

/// What a query asks the existence of: `SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'st')`, `SELECT 1 FROM
/// information_schema.columns WHERE table_name = 't' AND column_name = 'c'`, `SELECT to_regclass('t')`.
pub fn asks_for_existence(_sql: &str) -> Option<Object> {
    None
}
