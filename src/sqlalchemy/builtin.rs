//! SQLAlchemy's own types as PostgreSQL has them (`PGTypeCompiler`); what it does not have is unknown.

use super::library::{Family, text_of};
use crate::python::interpret::{Arguments, Value};
use crate::schema::{Name, Type};

/// A type of PostgreSQL's own.
pub(super) fn plain(name: &'static str) -> Type {
    Type::BuiltIn { name, modifiers: Vec::new() }
}

pub(super) fn with(name: &'static str, modifiers: Vec<i32>) -> Type {
    Type::BuiltIn { name, modifiers }
}

/// One that an extension brings.
pub(super) fn extension(name: &str, modifiers: Option<String>) -> Type {
    Type::Named { name: Name::from(name), modifiers }
}

/// The type of a class of SQLAlchemy, called with these arguments; `None` when the class is none whose type is known by
/// its name alone.
pub(super) fn builtin(family: Family, class: &str, arguments: &Arguments<'_>) -> Option<Type> {
    Some(match class {
        "String" | "VARCHAR" | "Unicode" => text("character varying", number(arguments, 0, "length")),
        // `NCHAR` is CHAR in PostgreSQL
        "CHAR" | "NCHAR" => match number(arguments, 0, "length") {
            Number::None => with("character", vec![1]),
            length => text("character", length),
        },
        "Text" | "TEXT" | "UnicodeText" => plain("text"),
        "Integer" | "INTEGER" | "INT" => plain("integer"),
        "BigInteger" | "BIGINT" => plain("bigint"),
        "SmallInteger" | "SMALLINT" => plain("smallint"),
        "Boolean" | "BOOLEAN" => plain("boolean"),
        "Numeric" | "NUMERIC" | "DECIMAL" => numeric(arguments),
        "Float" | "FLOAT" => match number(arguments, 0, "precision") {
            Number::Known(precision) if precision <= 24 => plain("real"),
            Number::Unknown => Type::Unknown,
            _ => plain("double precision"),
        },
        "Double" | "DOUBLE_PRECISION" => plain("double precision"),
        "REAL" => plain("real"),
        "Date" | "DATE" => plain("date"),
        // SQLite's renders as the general one
        "DATETIME" if family == Family::OtherDialect => time(arguments, "timestamp"),
        "DateTime" | "TIMESTAMP" => time(arguments, "timestamp"),
        "Time" | "TIME" => time(arguments, "time"),
        "Interval" | "INTERVAL" => interval(arguments),
        "LargeBinary" | "PickleType" | "BYTEA" | "Binary" => plain("bytea"),
        "JSON" => plain("json"),
        "JSONB" => plain("jsonb"),
        "Uuid" | "UUID" => match arguments.keyword("native_uuid") {
            Some(Value::Bool(false)) => with("character", vec![32]),
            None | Some(Value::Bool(true)) => plain("uuid"),
            Some(_) => Type::Unknown,
        },
        _ if family == Family::Postgresql => return postgresql(class, arguments),
        _ => return None,
    })
}

fn postgresql(class: &str, arguments: &Arguments<'_>) -> Option<Type> {
    const SAME_NAME: [&str; 27] = [
        "cidr",
        "datemultirange",
        "daterange",
        "inet",
        "int4multirange",
        "int4range",
        "int8multirange",
        "int8range",
        "jsonpath",
        "macaddr",
        "macaddr8",
        "money",
        "nummultirange",
        "numrange",
        "oid",
        "regclass",
        "regconfig",
        "tsmultirange",
        "tsquery",
        "tsrange",
        "tstzmultirange",
        "tstzrange",
        "tsvector",
        "xml",
        "point",
        "polygon",
        "box",
    ];
    Some(match class {
        "BIT" => {
            let varying = match arguments.get(1, "varying") {
                None => false,
                Some(value) => value.truth()?,
            };
            match (number(arguments, 0, "length"), varying) {
                (Number::None, false) => with("bit", vec![1]),
                (length, false) => text("bit", length),
                (length, true) => text("bit varying", length),
            }
        }
        "HSTORE" | "CITEXT" => extension(&class.to_ascii_lowercase(), None),
        "DOMAIN" => match arguments.get(0, "name").and_then(|name| text_of(&name)) {
            Some(name) => {
                let schema = arguments.keyword("schema").and_then(|schema| text_of(&schema));
                Type::Named { name: Name::new(schema.as_deref(), &name), modifiers: None }
            }
            None => Type::Unknown,
        },
        _ => plain(SAME_NAME.iter().find(|name| class.eq_ignore_ascii_case(name))?),
    })
}

/// A number among arguments.
#[derive(Clone, Copy)]
pub(super) enum Number {
    None,
    Known(i32),
    Unknown,
}

pub(super) fn number(arguments: &Arguments<'_>, position: usize, name: &str) -> Number {
    match arguments.get(position, name) {
        None | Some(Value::None) => Number::None,
        Some(Value::Int(value)) => i32::try_from(value).map_or(Number::Unknown, Number::Known),
        // `String("20")` renders as `VARCHAR(20)`
        Some(Value::Str(text)) => text.parse().map_or(Number::Unknown, Number::Known),
        Some(_) => Number::Unknown,
    }
}

pub(super) fn text(name: &'static str, length: Number) -> Type {
    match length {
        Number::None => plain(name),
        Number::Known(length) => with(name, vec![length]),
        Number::Unknown => Type::Unknown,
    }
}

fn numeric(arguments: &Arguments<'_>) -> Type {
    match (number(arguments, 0, "precision"), number(arguments, 1, "scale")) {
        (Number::None, _) => plain("numeric"),
        (Number::Known(precision), Number::None) => with("numeric", vec![precision, 0]),
        (Number::Known(precision), Number::Known(scale)) => with("numeric", vec![precision, scale]),
        _ => Type::Unknown,
    }
}

fn time(arguments: &Arguments<'_>, kind: &'static str) -> Type {
    let name = match (arguments.get(0, "timezone").map_or(Some(false), |value| value.truth()), kind) {
        (Some(true), "timestamp") => "timestamp with time zone",
        (Some(false), "timestamp") => "timestamp without time zone",
        (Some(true), _) => "time with time zone",
        (Some(false), _) => "time without time zone",
        (None, _) => return Type::Unknown,
    };
    text(name, number(arguments, 1, "precision"))
}

/// `INTERVAL(fields, precision)`; what restricts the fields is not told apart by its name alone.
fn interval(arguments: &Arguments<'_>) -> Type {
    let is_text = |at: usize| matches!(arguments.positional.get(at), Some((Value::Str(_), _)));
    match arguments.keyword("native") {
        None | Some(Value::Bool(true)) if !is_text(0) && arguments.keyword("fields").is_none() => {
            match (number(arguments, usize::MAX, "precision"), number(arguments, usize::MAX, "second_precision")) {
                (Number::None, second) => text("interval", second),
                (first, _) => text("interval", first),
            }
        }
        _ => Type::Unknown,
    }
}
