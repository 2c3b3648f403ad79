//! Column types, by PostgreSQL's own names, and which of them changes into which without being told how.

use std::fmt;

use super::{Name, quoted};

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

impl Type {
    /// The built-in type that SQL calls `name` (lower case, one blank between words: `int4`, `character varying`,
    /// `timestamp with time zone`); `None` for any other name. What the grammar adds is added: `char` is `character(1)`,
    /// `numeric(10)` is `numeric(10,0)`, `float(24)` is `real`.
    pub fn built_in(name: &str, mut modifiers: Vec<i32>) -> Option<Type> {
        let name = match ALIASES.binary_search_by_key(&name, |(alias, _)| alias) {
            Ok(found) => ALIASES[found].1,
            Err(_) => OTHER_TYPES.iter().find(|other| **other == name)?,
        };
        let name = match (name, modifiers.as_slice()) {
            ("float", [..=24]) => "real",
            ("float", _) => "double precision",
            ("bpchar", [_]) => "character",
            _ => name,
        };
        match (name, modifiers.as_slice()) {
            ("character" | "bit", []) => modifiers.push(1),
            ("numeric", [_]) => modifiers.push(0),
            ("real" | "double precision", _) => modifiers.clear(),
            _ => {}
        }
        Some(Type::BuiltIn { name, modifiers })
    }

    /// The type without modifiers, if PostgreSQL brings it.
    pub fn built_in_name(&self) -> Option<&'static str> {
        match self {
            Type::BuiltIn { name, .. } => Some(name),
            Type::Named { .. } | Type::Array(_) | Type::Unknown => None,
        }
    }
}

impl fmt::Display for Type {
    /// As PostgreSQL's `format_type` does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::BuiltIn { name, modifiers } if modifiers.is_empty() => f.write_str(name),
            Type::BuiltIn { name, modifiers } => {
                let (start, end) = match name.starts_with("time") {
                    true => name.split_at(name.find(' ').unwrap_or(name.len())),
                    false => (*name, ""),
                };
                let modifiers: Vec<String> = modifiers.iter().map(i32::to_string).collect();
                write!(f, "{start}({}){end}", modifiers.join(","))
            }
            Type::Named { name, modifiers } => {
                if let Some(schema) = &name.schema {
                    write!(f, "{}.", quoted(schema))?;
                }
                f.write_str(&quoted(&name.name))?;
                modifiers.as_ref().map_or(Ok(()), |modifiers| write!(f, "({modifiers})"))
            }
            Type::Array(item) => write!(f, "{item}[]"),
            Type::Unknown => f.write_str("unknown"),
        }
    }
}

/// Whether `ALTER COLUMN … TYPE to` works on a column of type `from` without USING, whatever the rows hold; `None` when that
/// cannot be told: a type that PostgreSQL does not bring may have casts of its own (an enum has none but to strings).
pub fn casts_without_using(from: &Type, to: &Type) -> Option<bool> {
    match (from, to) {
        (Type::Unknown, _) | (_, Type::Unknown) => None,
        (Type::Array(from), Type::Array(to)) => casts_without_using(from, to),
        (_, Type::BuiltIn { name, .. }) if STRINGS.contains(name) => Some(true),
        (Type::BuiltIn { name: from, .. }, Type::BuiltIn { name: to, .. }) => Some(
            without_fields(from) == without_fields(to)
                || CASTS
                    .iter()
                    .any(|(start, ends)| *start == without_fields(from) && ends.contains(&without_fields(to))),
        ),
        (Type::Named { name: from, .. }, Type::Named { name: to, .. }) if from == to => Some(true),
        (Type::Named { .. }, _) | (_, Type::Named { .. }) => None,
        (Type::Array(_), Type::BuiltIn { .. }) | (Type::BuiltIn { .. }, Type::Array(_)) => Some(false),
    }
}
/// What SQL calls a type, and what `format_type` calls it.
const ALIASES: &[(&str, &str)] = &[
    ("bigint", "bigint"),
    ("bit", "bit"),
    ("bit varying", "bit varying"),
    ("bool", "boolean"),
    ("boolean", "boolean"),
    ("bpchar", "bpchar"),
    ("char", "character"),
    ("char varying", "character varying"),
    ("character", "character"),
    ("character varying", "character varying"),
    ("dec", "numeric"),
    ("decimal", "numeric"),
    ("double precision", "double precision"),
    ("float", "float"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("int", "integer"),
    ("int2", "smallint"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("integer", "integer"),
    ("national char", "character"),
    ("national char varying", "character varying"),
    ("national character", "character"),
    ("national character varying", "character varying"),
    ("nchar", "character"),
    ("nchar varying", "character varying"),
    ("numeric", "numeric"),
    ("real", "real"),
    ("smallint", "smallint"),
    ("time", "time without time zone"),
    ("time with time zone", "time with time zone"),
    ("time without time zone", "time without time zone"),
    ("timestamp", "timestamp without time zone"),
    ("timestamp with time zone", "timestamp with time zone"),
    ("timestamp without time zone", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("timetz", "time with time zone"),
    ("varbit", "bit varying"),
    ("varchar", "character varying"),
];

/// Types whose SQL name is the one `format_type` prints.
#[rustfmt::skip]
const OTHER_TYPES: &[&str] = &[
    "\"char\"", "aclitem", "box", "bytea", "cid", "cidr", "circle", "date", "datemultirange", "daterange", "inet",
    "int2vector", "int4multirange", "int4range", "int8multirange", "int8range", "interval", "interval day",
    "interval day to hour", "interval day to minute", "interval day to second", "interval hour",
    "interval hour to minute", "interval hour to second", "interval minute", "interval minute to second",
    "interval month", "interval second", "interval year", "interval year to month", "json", "jsonb", "jsonpath",
    "line", "lseg", "macaddr", "macaddr8", "money", "name", "nummultirange", "numrange", "oid", "oidvector", "path",
    "pg_lsn", "pg_snapshot", "point", "polygon", "refcursor", "regclass", "regcollation", "regconfig",
    "regdictionary", "regnamespace", "regoper", "regoperator", "regproc", "regprocedure", "regrole", "regtype",
    "text", "tid", "tsmultirange", "tsquery", "tsrange", "tstzmultirange", "tstzrange", "tsvector", "txid_snapshot",
    "uuid", "xid", "xid8", "xml",
];

/// Every type is assigned to these, by its text if there is no other way.
const STRINGS: &[&str] = &["text", "character varying", "character", "bpchar", "name"];

/// The other assignments that PostgreSQL makes by itself: found by altering a column of each type to each other on
/// PostgreSQL 15.
const CASTS: &[(&str, &[&str])] = &[
    ("smallint", &["integer", "bigint", "numeric", "real", "double precision", "oid", "regclass", "regtype"]),
    ("integer", &["smallint", "bigint", "numeric", "real", "double precision", "money", "oid", "regclass", "regtype"]),
    ("bigint", &["smallint", "integer", "numeric", "real", "double precision", "money", "oid", "regclass", "regtype"]),
    ("numeric", &["smallint", "integer", "bigint", "real", "double precision", "money"]),
    ("real", &["smallint", "integer", "bigint", "numeric", "double precision"]),
    ("double precision", &["smallint", "integer", "bigint", "numeric", "real"]),
    ("money", &["numeric"]),
    ("text", &["\"char\"", "regclass"]),
    ("character varying", &["\"char\"", "regclass"]),
    ("character", &["\"char\""]),
    ("bpchar", &["\"char\""]),
    ("date", &["timestamp without time zone", "timestamp with time zone"]),
    ("timestamp without time zone", &["date", "timestamp with time zone", "time without time zone"]),
    (
        "timestamp with time zone",
        &["date", "timestamp without time zone", "time without time zone", "time with time zone"],
    ),
    ("time without time zone", &["time with time zone", "interval"]),
    ("time with time zone", &["time without time zone"]),
    ("interval", &["time without time zone"]),
    ("json", &["jsonb"]),
    ("jsonb", &["json"]),
    ("inet", &["cidr"]),
    ("cidr", &["inet"]),
    ("macaddr", &["macaddr8"]),
    ("macaddr8", &["macaddr"]),
    ("bit", &["bit varying"]),
    ("bit varying", &["bit"]),
    ("point", &["box"]),
    ("box", &["polygon"]),
    ("path", &["polygon"]),
    ("polygon", &["path"]),
    ("oid", &["integer", "bigint", "regclass", "regtype"]),
    ("regclass", &["integer", "bigint", "oid"]),
    ("regtype", &["integer", "bigint", "oid"]),
];

/// The type itself: which fields an interval has makes no difference.
fn without_fields(name: &'static str) -> &'static str {
    if name.starts_with("interval") { "interval" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(name: &str) -> Type {
        Type::built_in(name, Vec::new()).unwrap_or_else(|| panic!("{name}"))
    }

    #[test]
    fn the_tables_are_sorted_and_agree() {
        assert!(ALIASES.is_sorted());
        for name in CASTS.iter().flat_map(|(from, to)| to.iter().chain([from])).chain(STRINGS) {
            assert_eq!(plain(name).built_in_name(), Some(*name));
        }
    }

    #[test]
    fn types_print_as_format_type_prints_them() {
        let cases: &[(&str, &[i32], &str)] = &[
            ("varchar", &[50], "character varying(50)"),
            ("varchar", &[], "character varying"),
            ("char", &[], "character(1)"),
            ("bpchar", &[], "bpchar"),
            ("bpchar", &[4], "character(4)"),
            ("\"char\"", &[], "\"char\""),
            ("numeric", &[], "numeric"),
            ("numeric", &[10], "numeric(10,0)"),
            ("decimal", &[10, 2], "numeric(10,2)"),
            ("timestamp", &[3], "timestamp(3) without time zone"),
            ("timestamptz", &[], "timestamp with time zone"),
            ("timetz", &[1], "time(1) with time zone"),
            ("time", &[], "time without time zone"),
            ("bit", &[], "bit(1)"),
            ("varbit", &[5], "bit varying(5)"),
            ("float", &[24], "real"),
            ("float", &[25], "double precision"),
            ("float", &[], "double precision"),
            ("interval", &[3], "interval(3)"),
            ("interval day to second", &[3], "interval day to second(3)"),
        ];
        for (name, modifiers, expected) in cases {
            let printed = Type::built_in(name, modifiers.to_vec()).map(|ty| ty.to_string());
            assert_eq!(printed.as_deref(), Some(*expected));
        }
        let named = |schema, name, modifiers: Option<&str>| Type::Named {
            name: Name::new(schema, name),
            modifiers: modifiers.map(str::to_owned),
        };
        assert_eq!(named(None, "Status", None).to_string(), "\"Status\"");
        assert_eq!(named(Some("app"), "user", None).to_string(), "app.\"user\"");
        assert_eq!(named(Some("public"), "vector", Some("3")).to_string(), "vector(3)");
        assert_eq!(Type::Array(plain("int").into()).to_string(), "integer[]");
    }

    #[test]
    fn casts() {
        let enumeration = |name: &str| Type::Named { name: name.into(), modifiers: None };
        let array = |ty: Type| Type::Array(ty.into());
        let cases = [
            (plain("int"), plain("int8"), Some(true)),
            (plain("varchar"), plain("int"), Some(false)),
            (plain("int"), plain("text"), Some(true)),
            (plain("int"), plain("bool"), Some(false)),
            (plain("text"), plain("uuid"), Some(false)),
            (plain("json"), plain("jsonb"), Some(true)),
            (plain("text"), plain("json"), Some(false)),
            (plain("date"), plain("time"), Some(false)),
            (plain("interval"), plain("interval day"), Some(true)),
            (plain("interval day"), plain("time"), Some(true)),
            (plain("time"), plain("interval day"), Some(true)),
            (array(plain("int")), array(plain("text")), Some(true)),
            (array(plain("text")), array(plain("int")), Some(false)),
            (array(plain("int")), plain("text"), Some(true)),
            (array(plain("int")), plain("int"), Some(false)),
            (plain("text"), array(plain("text")), Some(false)),
            (enumeration("st"), plain("varchar"), Some(true)),
            (enumeration("st"), enumeration("st"), Some(true)),
            (enumeration("st"), enumeration("other"), None),
            (plain("text"), enumeration("st"), None),
            (Type::Unknown, plain("text"), None),
        ];
        for (from, to, expected) in cases {
            assert_eq!(casts_without_using(&from, &to), expected, "{from} -> {to}");
        }
    }
}
