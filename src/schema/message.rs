//! PostgreSQL's own words for an [`Error`] (SQLAlchemy's, where it is SQLAlchemy that refuses), as PostgreSQL 15 prints them.
//! How a diagnostic words it is not decided here.

use std::borrow::Cow;

use super::{Error, Name, Object, OtherKind, Statement};

impl Error {
    /// PostgreSQL's code; `None` when SQLAlchemy refuses before the database is asked.
    pub fn sqlstate(&self) -> Option<&'static str> {
        Some(match self {
            Error::Undefined { object: Object::Index(_), statement: Statement::Rename } => "42P01",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Reason;

    fn said(error: Error) -> (Option<&'static str>, String) {
        (error.sqlstate(), error.message())
    }

    /// Each text as PostgreSQL 15.18 printed it.
    #[test]
    fn errors_are_worded_as_postgresql_words_them() {
        let (t, q) = (Name::from("t"), Name::new(Some("s"), "q"));
        let column = |table: &Name, name: &str| Object::Column(table.clone(), name.into());
        let constraint = |table: &Name, name: &str| Object::Constraint(table.clone(), name.into());
        let undefined = |object: Object, statement| Error::Undefined { object, statement };
        let duplicate = |object: Object| Error::Duplicate { object };
        let used = |object: Object| Error::StillUsed { object, by: vec![constraint(&t, "t_a_key")] };
        let cast = |to: &str, default| Error::CannotCast {
            table: t.clone(),
            column: "b".into(),
            from: "text".into(),
            to: to.into(),
            default,
        };
        let missing = Name::from("nosuch");
        let view = Object::Other(OtherKind::View, missing.clone());
        let cases = [
            (undefined(Object::Table(q.clone()), Statement::Alter), "42P01", "relation \"s.q\" does not exist"),
            (undefined(Object::Table(q.clone()), Statement::Drop), "42P01", "table \"q\" does not exist"),
            (undefined(column(&q, "zz"), Statement::Drop), "42703", "column \"zz\" of relation \"q\" does not exist"),
            (undefined(column(&t, "zz"), Statement::Rename), "42703", "column \"zz\" does not exist"),
            (undefined(column(&t, "zz"), Statement::Insert), "42703", "column \"zz\" of relation \"t\" does not exist"),
            (undefined(column(&t, "zz"), Statement::Key), "42703", "column \"zz\" named in key does not exist"),
            (
                undefined(column(&t, "zz"), Statement::ForeignKey),
                "42703",
                "column \"zz\" referenced in foreign key constraint does not exist",
            ),
            (
                undefined(constraint(&q, "zz"), Statement::Drop),
                "42704",
                "constraint \"zz\" of relation \"q\" does not exist",
            ),
            (
                undefined(constraint(&t, "zz"), Statement::Rename),
                "42704",
                "constraint \"zz\" for table \"t\" does not exist",
            ),
            (undefined(Object::Index(q.clone()), Statement::Drop), "42704", "index \"q\" does not exist"),
            (undefined(Object::Type(q.clone()), Statement::Alter), "42704", "type \"s.q\" does not exist"),
            (
                undefined(Object::EnumValue(t.clone(), "zz".into()), Statement::Alter),
                "22023",
                "\"zz\" is not an existing enum label",
            ),
            (undefined(view.clone(), Statement::Drop), "42P01", "view \"nosuch\" does not exist"),
            (undefined(view, Statement::Alter), "42P01", "relation \"nosuch\" does not exist"),
            (duplicate(Object::Table(q.clone())), "42P07", "relation \"q\" already exists"),
            (duplicate(Object::Type(q.clone())), "42710", "type \"q\" already exists"),
            (duplicate(column(&q, "id")), "42701", "column \"id\" of relation \"q\" already exists"),
            (duplicate(constraint(&t, "c")), "42710", "constraint \"c\" for relation \"t\" already exists"),
            (duplicate(Object::EnumValue(t.clone(), "a".into())), "42710", "enum label \"a\" already exists"),
            (duplicate(Object::Other(OtherKind::Schema, "s".into())), "42P06", "schema \"s\" already exists"),
            (used(Object::Table(t.clone())), "2BP01", "cannot drop table t because other objects depend on it"),
            (
                used(column(&Name::from("Cap"), "Id")),
                "2BP01",
                "cannot drop column Id of table \"Cap\" because other objects depend on it",
            ),
            (
                used(Object::Table(Name::from("order"))),
                "2BP01",
                "cannot drop table \"order\" because other objects depend on it",
            ),
            (
                used(Object::Index(Name::from("t_a_key"))),
                "2BP01",
                "cannot drop index t_a_key because constraint t_a_key on table t requires it",
            ),
            (
                Error::UnsafeNewValue { ty: Name::new(Some("s"), "st2"), value: "new".into() },
                "55P04",
                "unsafe use of new value \"new\" of enum type s.st2",
            ),
            (
                Error::UnknownValue { ty: Name::from("st"), value: "zz".into() },
                "22P02",
                "invalid input value for enum st: \"zz\"",
            ),
            (
                Error::MissingValues { table: q.clone(), columns: vec!["b".into(), "d".into()] },
                "23502",
                "null value in column \"b\" of relation \"q\" violates not-null constraint",
            ),
            (
                Error::ContainsNulls { table: t.clone(), column: "n".into() },
                "23502",
                "column \"n\" of relation \"t\" contains null values",
            ),
            (cast("s.st2", false), "42804", "column \"b\" cannot be cast automatically to type s.st2"),
            (
                cast("character varying(20)[]", false),
                "42804",
                "column \"b\" cannot be cast automatically to type character varying[]",
            ),
            (cast("st", true), "42804", "default for column \"b\" cannot be cast automatically to type st"),
            (
                Error::NotUnique { table: t.clone(), columns: vec!["b".into()] },
                "42830",
                "there is no unique constraint matching given keys for referenced table \"t\"",
            ),
            (
                Error::NotUnique { table: t.clone(), columns: Vec::new() },
                "42704",
                "there is no primary key for referenced table \"t\"",
            ),
            (
                Error::InsideTransaction { statement: "CREATE INDEX CONCURRENTLY" },
                "25001",
                "CREATE INDEX CONCURRENTLY cannot run inside a transaction block",
            ),
        ];
        for (error, sqlstate, message) in cases {
            assert_eq!((error.sqlstate(), error.message().as_str()), (Some(sqlstate), message), "{error:?}");
        }
        let invalid = Error::Invalid { sqlstate: "42601", message: "x".into(), reason: Reason::Syntax };
        assert_eq!(said(invalid), (Some("42601"), "x".into()));
        let unbound = Error::UnboundParameter { name: "a".into() };
        assert_eq!(said(unbound), (None, "A value is required for bind parameter 'a'".into()));
    }
}
