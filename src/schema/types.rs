//! Column types, by PostgreSQL's own names.

use super::Name;

/// The type of a column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// One that PostgreSQL brings: its name as `format_type` prints it without modifiers (`character varying`,
    /// `timestamp without time zone`), and the modifiers (`50`; `10, 2`).
    BuiltIn {
        name: &'static str,
        modifiers: Vec<i32>,
    },
    /// An enum, a domain, a composite type, or one that an extension brings (`vector(3)`: modifiers as written).
    Named {
        name: Name,
        modifiers: Option<String>,
    },
    Array(Box<Type>),
    /// It has one; we cannot tell which.
    Unknown,
}
