//! What a value is called in the library it comes from.

use crate::python::interpret::{Arguments, Operator, Part, TermKind, Value};

/// Which part of which library a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// SQLAlchemy itself, and what hands its names on: SQLModel, Flask-SQLAlchemy's `db`.
    SqlAlchemy,
    /// `sqlalchemy.dialects.postgresql`.
    Postgresql,
    /// `sqlalchemy.dialects.mysql` and so on.
    OtherDialect,
    /// `sqlalchemy.func`.
    Function,
    /// Another package.
    Other,
}

/// The family and the last part of the name of something outside of the project, called or not; for `db.Column` of a
/// Flask-SQLAlchemy object the same as for `sqlalchemy.Column`.
pub fn known<'v>(value: &'v Value<'_>) -> Option<(Family, &'v str)> {
    let term = value.as_term()?;
    match &term.kind {
        TermKind::Name(path) => Some(split(path)),
        TermKind::Attribute(object, name) if is_flask_object(object) => Some((Family::SqlAlchemy, name)),
        // `db.func.now`
        TermKind::Attribute(object, name) => match known(object)? {
            (Family::SqlAlchemy, "func") => Some((Family::Function, name)),
            _ => None,
        },
        _ => None,
    }
}

fn split(path: &str) -> (Family, &str) {
    let last = path.rsplit('.').next().unwrap_or(path);
    let mut parts = path.split('.');
    let family = match parts.next() {
        Some("sqlalchemy" | "sqlmodel") => match (parts.next(), parts.next()) {
            (Some("dialects"), Some("postgresql")) => Family::Postgresql,
            (Some("dialects"), _) => Family::OtherDialect,
            (Some("func"), _) => Family::Function,
            (Some("sql"), Some("func")) => Family::Function,
            (Some("sql"), Some("sqltypes")) if last == "AutoString" => Family::Other,
            _ if last == "AutoString" => Family::Other,
            _ => Family::SqlAlchemy,
        },
        Some("flask_sqlalchemy" | "flask_sqlalchemy_lite") => Family::SqlAlchemy,
        _ => Family::Other,
    };
    (family, last)
}

/// Whether `from module import *` brings a name that declarations are made of.
pub fn exports(module: &str, name: &str) -> bool {
    let names: &[&str] = match module {
        "sqlalchemy" => &CORE,
        "sqlalchemy.orm" => &ORM,
        _ => return false,
    };
    names.contains(&name)
}

const CORE: [&str; 54] = [
    "ARRAY",
    "BIGINT",
    "BOOLEAN",
    "BigInteger",
    "Boolean",
    "CHAR",
    "CheckConstraint",
    "Column",
    "Computed",
    "DATE",
    "DECIMAL",
    "Date",
    "DateTime",
    "Double",
    "Enum",
    "FetchedValue",
    "Float",
    "ForeignKey",
    "ForeignKeyConstraint",
    "INTEGER",
    "Identity",
    "Index",
    "Integer",
    "Interval",
    "JSON",
    "LargeBinary",
    "MetaData",
    "Numeric",
    "PickleType",
    "PrimaryKeyConstraint",
    "SMALLINT",
    "Sequence",
    "SmallInteger",
    "String",
    "TEXT",
    "TIMESTAMP",
    "Table",
    "Text",
    "Time",
    "UUID",
    "Unicode",
    "UnicodeText",
    "UniqueConstraint",
    "Uuid",
    "VARCHAR",
    "and_",
    "desc",
    "false",
    "func",
    "null",
    "or_",
    "select",
    "text",
    "true",
];

const ORM: [&str; 17] = [
    "DeclarativeBase",
    "DynamicMapped",
    "Mapped",
    "MappedAsDataclass",
    "backref",
    "column_property",
    "composite",
    "declarative_base",
    "declarative_mixin",
    "declared_attr",
    "deferred",
    "has_inherited_table",
    "mapped_column",
    "registry",
    "relationship",
    "synonym",
    "validates",
];

/// `SQLAlchemy()` of Flask-SQLAlchemy, or an object of a class of the project that is one.
pub(super) fn is_flask_object(value: &Value<'_>) -> bool {
    let is_class = |value: &Value<'_>| value.as_name().is_some_and(|name| name.ends_with(".SQLAlchemy"));
    match value {
        Value::Instance(instance) => instance.class.lineage().iter().any(is_class),
        _ => call_of(value).is_some_and(|(callee, _)| is_class(callee)),
    }
}

/// What a Flask-SQLAlchemy object was made with.
pub(super) fn flask_arguments<'a>(value: &Value<'a>) -> Option<Arguments<'a>> {
    match value {
        Value::Instance(instance) => instance.outer_arguments.borrow().clone(),
        _ => call_of(value).map(|(_, arguments)| arguments.clone()),
    }
}

/// The callee and the arguments of a call.
pub fn call_of<'v, 'a>(value: &'v Value<'a>) -> Option<(&'v Value<'a>, &'v Arguments<'a>)> {
    match &value.as_term()?.kind {
        TermKind::Call { callee, arguments } => Some((callee, arguments)),
        _ => None,
    }
}

/// The object, the name and the arguments of a call of a method of something that is no dotted name.
pub fn method_of<'v, 'a>(value: &'v Value<'a>) -> Option<(&'v Value<'a>, &'v str, &'v Arguments<'a>)> {
    let (callee, arguments) = call_of(value)?;
    match &callee.as_term()?.kind {
        TermKind::Attribute(object, name) => Some((object, name, arguments)),
        _ => None,
    }
}

/// The text of a value: a string, a member of an enumeration of strings, `quoted_name("x", True)`, `op.f("x")`. What is
/// asked of the environment is taken to be what it is by default: it names the same thing everywhere.
pub fn text_of(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.to_string()),
        Value::Instance(_) => value.to_text().map(|text| text.to_string()),
        Value::Term(term) => term_text(&term.kind, 10),
        _ => None,
    }
}

fn term_text(kind: &TermKind<'_>, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let inner = |value: &Value<'_>| match value {
        Value::Term(term) => term_text(&term.kind, depth),
        value => text_of(value),
    };
    match kind {
        TermKind::Call { callee, arguments } => match callee_name(callee)? {
            "quoted_name" | "f" | "conv" | "_truncated_label" => inner(&arguments.get(0, "name")?),
            "getenv" | "get" if matches!(callee.as_name(), Some("os.getenv" | "os.environ.get")) => {
                inner(&arguments.get(1, "default")?)
            }
            _ => None,
        },
        TermKind::Binary(Operator::Add, left, right) => Some(inner(left)? + &inner(right)?),
        TermKind::Format(parts) => parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => Some(text.to_string()),
                Part::Hole(value) => inner(value),
            })
            .collect(),
        _ => None,
    }
}

fn callee_name<'v>(callee: &'v Value<'_>) -> Option<&'v str> {
    match &callee.as_term()?.kind {
        TermKind::Name(path) => path.rsplit('.').next(),
        TermKind::Attribute(_, name) => Some(name),
        _ => None,
    }
}

/// The name that a constraint or an index was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    None,
    /// Conventions may still apply to it.
    Plain(String),
    /// `op.f(…)`, `conv(…)`: conventions do not apply, and it is cut when it is too long.
    Final(String),
    Unknown,
}

pub fn given_name(value: Option<&Value<'_>>) -> Given {
    match value {
        None | Some(Value::None) => Given::None,
        Some(value @ (Value::Str(_) | Value::Instance(_))) => text_of(value).map_or(Given::Unknown, Given::Plain),
        Some(value) => match (call_of(value).and_then(|(callee, _)| callee_name(callee)), text_of(value)) {
            (Some("quoted_name"), Some(text)) => Given::Plain(text),
            (_, Some(text)) => Given::Final(text),
            (_, None) => Given::Unknown,
        },
    }
}

/// A keyword argument as far as it is written: behind a `*` or `**` of unknown content options are taken to be as usual.
pub(super) fn written<'a>(arguments: &Arguments<'a>, name: &str) -> Option<Value<'a>> {
    arguments.keywords.iter().rev().find(|(key, ..)| **key == *name).map(|(_, value, _)| value.clone())
}
