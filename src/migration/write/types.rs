//! Types as SQLAlchemy spells them.

use super::python::{Call, boolean, text};
use crate::schema::{EnumUse, Name, Type};

/// How the types that PostgreSQL brings are called.
#[rustfmt::skip]
const CLASSES: [(&str, &str); 20] = [
    ("bigint", "sa.BigInteger"), ("boolean", "sa.Boolean"), ("bytea", "sa.LargeBinary"), ("character", "sa.CHAR"),
    ("character varying", "sa.String"), ("date", "sa.Date"), ("double precision", "sa.Float"), ("integer", "sa.Integer"),
    ("interval", "sa.Interval"), ("json", "sa.JSON"), ("jsonb", "postgresql.JSONB"), ("numeric", "sa.Numeric"),
    ("real", "sa.REAL"), ("smallint", "sa.SmallInteger"), ("text", "sa.Text"), ("time with time zone", "sa.Time"),
    ("time without time zone", "sa.Time"), ("timestamp with time zone", "sa.DateTime"),
    ("timestamp without time zone", "sa.DateTime"), ("uuid", "sa.Uuid"),
];

/// A type where it is only referred to.
pub(super) fn spelled(ty: &Type, enums: &[EnumUse]) -> String {
    of_column(ty, enums, false)
}

/// The type of a new column; `alone`: by `op.add_column`, which makes no types.
pub(super) fn of_column(ty: &Type, enums: &[EnumUse], alone: bool) -> String {
    match ty {
        Type::BuiltIn { name, modifiers } => built_in(name, modifiers),
        Type::Named { name, modifiers } => match enums.iter().find(|used| used.name == *name) {
            // what is there already, a CREATE TABLE must not make again
            Some(used) if used.there && !alone => {
                enumeration("postgresql.ENUM", used).keyword("create_type", "False").one_line()
            }
            Some(used) => enumeration("sa.Enum", used).one_line(),
            None => named(name, modifiers.as_deref()),
        },
        Type::Array(item) => Call::new("postgresql.ARRAY").value(&of_column(item, enums, alone)).one_line(),
        Type::Unknown => blank("type"),
    }
}

/// The call that makes an enum type.
pub(super) fn create(used: &EnumUse) -> String {
    format!("{}.create(op.get_bind())", enumeration("sa.Enum", used).one_line())
}

fn enumeration(class: &str, used: &EnumUse) -> Call {
    let call = used.values.iter().fold(Call::new(class), |call, value| call.text(value));
    call.keyword("name", &text(&used.name.name)).schema(&used.name)
}

fn built_in(name: &str, modifiers: &[i32]) -> String {
    let Some((_, class)) = CLASSES.iter().find(|(known, _)| *known == name) else {
        return other(name, modifiers);
    };
    let call = Call::new(class);
    let numbers = || modifiers.iter().map(i32::to_string);
    match (*class, modifiers) {
        ("sa.DateTime" | "sa.Time", []) => match name.contains(" with ") {
            true => call.keyword("timezone", boolean(true)),
            false => call,
        },
        ("sa.DateTime" | "sa.Time", [precision, ..]) => {
            let class = if *class == "sa.Time" { "postgresql.TIME" } else { "postgresql.TIMESTAMP" };
            let call = Call::new(class).keyword("timezone", boolean(name.contains(" with ")));
            call.keyword("precision", &precision.to_string())
        }
        ("sa.Interval", [precision, ..]) => {
            Call::new("postgresql.INTERVAL").keyword("precision", &precision.to_string())
        }
        ("sa.Numeric", [precision, scale]) => {
            call.keyword("precision", &precision.to_string()).keyword("scale", &scale.to_string())
        }
        ("sa.String" | "sa.CHAR", [length, ..]) => call.keyword("length", &length.to_string()),
        _ => numbers().fold(call, |call, number| call.value(&number)),
    }
    .one_line()
}

/// PostgreSQL's own types have their names in capitals in `sqlalchemy.dialects.postgresql`.
fn other(name: &str, modifiers: &[i32]) -> String {
    if let Some(varying) = name.strip_prefix("bit").filter(|rest| matches!(*rest, "" | " varying")) {
        let call = modifiers.iter().fold(Call::new("postgresql.BIT"), |call, length| call.value(&length.to_string()));
        return if varying.is_empty() { call } else { call.keyword("varying", boolean(true)) }.one_line();
    }
    if let Some(fields) = name.strip_prefix("interval ") {
        return Call::new("postgresql.INTERVAL").keyword("fields", &text(&fields.to_uppercase())).one_line();
    }
    const SAME_NAME: [&str; 22] = [
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
        "tstzrange",
        "tsvector",
    ];
    match SAME_NAME.contains(&name) {
        true => format!("postgresql.{}()", name.to_ascii_uppercase()),
        false => blank(name),
    }
}

/// One that an extension brings, or the project.
fn named(name: &Name, modifiers: Option<&str>) -> String {
    if name.schema.is_none() && modifiers.is_none() && ["citext", "hstore"].contains(&&*name.name) {
        return format!("postgresql.{}()", name.name.to_ascii_uppercase());
    }
    blank(&Type::Named { name: name.clone(), modifiers: modifiers.map(str::to_owned) }.to_string())
}

/// A class of the project's or of an extension's package stands for it, and only the project knows which: a blank to fill in.
fn blank(sql: &str) -> String {
    format!("<{sql}>")
}
