//! PostgreSQL's own words for an [`Error`] (SQLAlchemy's, where it is SQLAlchemy that refuses), as PostgreSQL 15 prints them.
//! How a diagnostic words it is not decided here.

use std::borrow::Cow;

use super::{Error, Name, Object, OtherKind, Statement};

impl Error {
    /// PostgreSQL's code; `None` when SQLAlchemy refuses before the database is asked.
    pub fn sqlstate(&self) -> Option<&'static str> {
        Some(match self {
            Error::Undefined { object, .. } => undefined_state(object),
            Error::Duplicate { object } => duplicate_state(object),
            Error::Invalid { sqlstate, .. } => sqlstate,
            Error::MissingValues { .. } | Error::ContainsNulls { .. } => "23502",
            Error::UnsafeNewValue { .. } => "55P04",
            Error::UnknownValue { .. } => "22P02",
            Error::CannotCast { .. } => "42804",
            Error::StillUsed { .. } => "2BP01",
            Error::NotUnique { columns, .. } if columns.is_empty() => "42704",
            Error::NotUnique { .. } => "42830",
            Error::InsideTransaction { .. } => "25001",
            Error::UnnamedConstraint { .. } | Error::UnboundParameter { .. } => return None,
        })
    }

    /// The first line of what is said, without `ERROR:`.
    pub fn message(&self) -> String {
        match self {
            Error::Undefined { object, statement } => undefined(object, *statement),
            Error::Duplicate { object } => duplicate(object),
            Error::Invalid { message, .. } => message.clone(),
            Error::MissingValues { table, columns } => {
                let column = columns.first().map_or("", |column| column);
                format!("null value in column \"{column}\" of relation \"{}\" violates not-null constraint", table.name)
            }
            Error::ContainsNulls { table, column } => {
                format!("column \"{column}\" of relation \"{}\" contains null values", table.name)
            }
            Error::UnsafeNewValue { ty, value } => {
                format!("unsafe use of new value \"{value}\" of enum type {}", qualified(ty))
            }
            Error::UnknownValue { ty, value } => {
                format!("invalid input value for enum {}: \"{value}\"", qualified(ty))
            }
            Error::CannotCast { column, to, default, .. } => {
                let what = if *default { "default for column" } else { "column" };
                format!("{what} \"{column}\" cannot be cast automatically to type {}", without_modifiers(to))
            }
            Error::StillUsed { object: Object::Index(index), by } => {
                let by = by.first().map(described).unwrap_or_default();
                format!("cannot drop index {} because {by} requires it", qualified(index))
            }
            Error::StillUsed { object, .. } => {
                format!("cannot drop {} because other objects depend on it", described(object))
            }
            Error::NotUnique { table, columns } if columns.is_empty() => {
                format!("there is no primary key for referenced table \"{}\"", table.name)
            }
            Error::NotUnique { table, .. } => {
                format!("there is no unique constraint matching given keys for referenced table \"{}\"", table.name)
            }
            Error::InsideTransaction { statement } => format!("{statement} cannot run inside a transaction block"),
            // what stands between is the constraint's `repr`, which depends on the kind that was asked for
            Error::UnnamedConstraint { .. } => {
                "Can't emit DROP CONSTRAINT for constraint Constraint(); it has no name".to_owned()
            }
            Error::UnboundParameter { name } => format!("A value is required for bind parameter '{name}'"),
        }
    }

    /// The line after `HINT:`, where there is one.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::UnsafeNewValue { .. } => {
                Some("New enum values must be committed before they can be used.".to_owned())
            }
            Error::CannotCast { column, to, default: false, .. } => {
                Some(format!("You might need to specify \"USING {}::{to}\".", quoted(column)))
            }
            Error::StillUsed { object: Object::Index(_), by } => {
                by.first().map(|by| format!("You can drop {} instead.", described(by)))
            }
            Error::StillUsed { .. } => Some("Use DROP ... CASCADE to drop the dependent objects too.".to_owned()),
            Error::Undefined { .. }
            | Error::Duplicate { .. }
            | Error::Invalid { .. }
            | Error::MissingValues { .. }
            | Error::ContainsNulls { .. }
            | Error::UnknownValue { .. }
            | Error::CannotCast { .. }
            | Error::NotUnique { .. }
            | Error::InsideTransaction { .. }
            | Error::UnnamedConstraint { .. }
            | Error::UnboundParameter { .. } => None,
        }
    }
}

fn undefined_state(object: &Object) -> &'static str {
    match object {
        Object::Table(_) | Object::Other(OtherKind::Sequence | OtherKind::View | OtherKind::MaterializedView, _) => {
            "42P01"
        }
        Object::Column(..) => "42703",
        Object::EnumValue(..) => "22023",
        Object::Other(OtherKind::Schema, _) => "3F000",
        Object::Other(OtherKind::Function, _) => "42883",
        Object::Constraint(..)
        | Object::Index(_)
        | Object::Type(_)
        | Object::Other(OtherKind::Type | OtherKind::Extension | OtherKind::Trigger, _) => "42704",
    }
}

fn duplicate_state(object: &Object) -> &'static str {
    match object {
        Object::Table(_)
        | Object::Index(_)
        | Object::Other(OtherKind::Sequence | OtherKind::View | OtherKind::MaterializedView, _) => "42P07",
        Object::Column(..) => "42701",
        Object::Other(OtherKind::Schema, _) => "42P06",
        Object::Other(OtherKind::Function, _) => "42723",
        Object::Constraint(..)
        | Object::Type(_)
        | Object::EnumValue(..)
        | Object::Other(OtherKind::Type | OtherKind::Extension | OtherKind::Trigger, _) => "42710",
    }
}

fn undefined(object: &Object, statement: Statement) -> String {
    let dropped = statement == Statement::Drop;
    match object {
        Object::Table(name) if dropped => format!("table \"{}\" does not exist", name.name),
        Object::Table(name) => format!("relation \"{name}\" does not exist"),
        Object::Column(table, column) => match statement {
            Statement::Alter | Statement::Drop | Statement::Insert => {
                format!("column \"{column}\" of relation \"{}\" does not exist", table.name)
            }
            Statement::Rename | Statement::Query | Statement::Create => format!("column \"{column}\" does not exist"),
            Statement::Key => format!("column \"{column}\" named in key does not exist"),
            Statement::ForeignKey => format!("column \"{column}\" referenced in foreign key constraint does not exist"),
        },
        Object::Constraint(table, name) if statement == Statement::Rename => {
            format!("constraint \"{name}\" for table \"{}\" does not exist", table.name)
        }
        Object::Constraint(table, name) => {
            format!("constraint \"{name}\" of relation \"{}\" does not exist", table.name)
        }
        Object::Index(name) if dropped => format!("index \"{}\" does not exist", name.name),
        Object::Index(name) => format!("relation \"{name}\" does not exist"),
        Object::Type(name) | Object::Other(OtherKind::Type, name) => format!("type \"{name}\" does not exist"),
        Object::EnumValue(_, value) => format!("\"{value}\" is not an existing enum label"),
        Object::Other(kind @ (OtherKind::Sequence | OtherKind::View | OtherKind::MaterializedView), name) => {
            if dropped {
                format!("{} \"{}\" does not exist", word(*kind), name.name)
            } else {
                format!("relation \"{name}\" does not exist")
            }
        }
        Object::Other(kind, name) => format!("{} \"{}\" does not exist", word(*kind), name.name),
    }
}

fn duplicate(object: &Object) -> String {
    match object {
        Object::Table(name)
        | Object::Index(name)
        | Object::Other(OtherKind::Sequence | OtherKind::View | OtherKind::MaterializedView, name) => {
            format!("relation \"{}\" already exists", name.name)
        }
        Object::Column(table, column) => format!("column \"{column}\" of relation \"{}\" already exists", table.name),
        Object::Constraint(table, name) => {
            format!("constraint \"{name}\" for relation \"{}\" already exists", table.name)
        }
        Object::Type(name) | Object::Other(OtherKind::Type, name) => format!("type \"{}\" already exists", name.name),
        Object::EnumValue(_, value) => format!("enum label \"{value}\" already exists"),
        Object::Other(kind, name) => format!("{} \"{}\" already exists", word(*kind), name.name),
    }
}

/// An object as PostgreSQL describes it in the texts about dependencies.
fn described(object: &Object) -> String {
    match object {
        Object::Table(name) => format!("table {}", qualified(name)),
        // PostgreSQL quotes no column here
        Object::Column(table, column) => format!("column {column} of table {}", qualified(table)),
        Object::Constraint(table, name) => format!("constraint {name} on table {}", qualified(table)),
        Object::Index(name) => format!("index {}", qualified(name)),
        Object::Type(name) | Object::EnumValue(name, _) => format!("type {}", qualified(name)),
        Object::Other(kind, name) => format!("{} {}", word(*kind), qualified(name)),
    }
}

fn word(kind: OtherKind) -> &'static str {
    match kind {
        OtherKind::Schema => "schema",
        OtherKind::Sequence => "sequence",
        OtherKind::View => "view",
        OtherKind::MaterializedView => "materialized view",
        OtherKind::Type => "type",
        OtherKind::Extension => "extension",
        OtherKind::Function => "function",
        OtherKind::Trigger => "trigger",
    }
}

/// A name as SQL takes it.
fn qualified(name: &Name) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", quoted(schema), quoted(&name.name)),
        None => quoted(&name.name).into_owned(),
    }
}

/// An identifier, quoted where PostgreSQL's `quote_identifier` does: reserved words as well.
fn quoted(name: &str) -> Cow<'_, str> {
    let first = name.chars().next().is_some_and(|c| c.is_ascii_lowercase() || c == '_');
    let plain = first && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain && !KEYWORDS.contains(&name) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(format!("\"{}\"", name.replace('"', "\"\"")))
    }
}

/// The type's name without lengths: `format_type` without a modifier.
fn without_modifiers(ty: &str) -> String {
    match (ty.find('('), ty.rfind(')')) {
        (Some(open), Some(close)) if open < close => format!("{}{}", &ty[..open], &ty[close + 1..]),
        _ => ty.to_owned(),
    }
}

/// Every keyword of PostgreSQL 15 that is more than unreserved, in order.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "between",
    "bigint", "binary", "bit", "boolean", "both", "case", "cast", "char", "character", "check", "coalesce",
    "collate", "collation", "column", "concurrently", "constraint", "create", "cross", "current_catalog",
    "current_date", "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "dec",
    "decimal", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "exists", "extract",
    "false", "fetch", "float", "for", "foreign", "freeze", "from", "full", "grant", "greatest", "group", "grouping",
    "having", "ilike", "in", "initially", "inner", "inout", "int", "integer", "intersect", "interval", "into", "is",
    "isnull", "join", "lateral", "leading", "least", "left", "like", "limit", "localtime", "localtimestamp",
    "national", "natural", "nchar", "none", "normalize", "not", "notnull", "null", "nullif", "numeric", "offset",
    "on", "only", "or", "order", "out", "outer", "overlaps", "overlay", "placing", "position", "precision",
    "primary", "real", "references", "returning", "right", "row", "select", "session_user", "setof", "similar",
    "smallint", "some", "substring", "symmetric", "table", "tablesample", "then", "time", "timestamp", "to",
    "trailing", "treat", "trim", "true", "union", "unique", "user", "using", "values", "varchar", "variadic",
    "verbose", "when", "where", "window", "with", "xmlattributes", "xmlconcat", "xmlelement", "xmlexists",
    "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable",
];
