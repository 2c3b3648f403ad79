//! `server_default` in its many spellings, as SQL.

use std::sync::Arc;

use super::library::{Family, call_of, known, method_of, text_of};
use crate::python::interpret::Value;
use crate::schema::{Default, Scalar};

/// What a `server_default` comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    None,
    /// The expression as it stands in the SQL, where that is known, and its value as far as it matters.
    Expression(Option<Arc<str>>, Scalar),
    Unknown,
}

impl Written {
    /// For a column that is made with it.
    pub fn into_default(self) -> Default {
        match self {
            Written::None | Written::Expression(_, Scalar::Null) => Default::None,
            Written::Expression(text, _) => Default::Some(text),
            Written::Unknown => Default::Unknown,
        }
    }
}

/// The SQL of a `server_default` (`DDLCompiler.get_column_default_string`): text is quoted, SQL constructs are rendered.
pub fn written_default(value: Option<&Value<'_>>) -> Written {
    let Some(value) = value else { return Written::None };
    if let Value::Str(_) | Value::Instance(_) = value {
        return match text_of(value) {
            Some(text) => Written::Expression(Some(quoted(&text)), Scalar::Text(text.as_str().into())),
            None => Written::Unknown,
        };
    }
    match value {
        Value::None => Written::None,
        Value::Term(_) => construct(value),
        _ => Written::Unknown,
    }
}

fn construct(value: &Value<'_>) -> Written {
    if let Some((_, "next_value" | "op" | "cast" | "concat", _)) = method_of(value) {
        return Written::Expression(None, Scalar::Other);
    }
    let (named, arguments) = call_of(value).map_or((value, None), |(callee, arguments)| (callee, Some(arguments)));
    let Some((family, name)) = known(named) else {
        return Written::Unknown;
    };
    let raw = |text: &str| Written::Expression(Some(text.into()), scalar(text));
    match (family, name, arguments) {
        (Family::Function, name, Some(arguments)) if arguments.positional.is_empty() => match name {
            "current_timestamp" | "current_date" | "current_time" | "current_user" | "session_user"
            | "localtimestamp" | "localtime" => raw(&name.to_ascii_uppercase()),
            name => raw(&format!("{name}()")),
        },
        (Family::Function, ..) => Written::Expression(None, Scalar::Other),
        (_, "text" | "literal_column" | "TextClause", Some(arguments)) => {
            match arguments.get(0, "text").and_then(|text| text_of(&text)) {
                Some(text) => raw(&text),
                None => Written::Expression(None, Scalar::Other),
            }
        }
        (_, "DefaultClause" | "PassiveDefault", Some(arguments)) => written_default(arguments.get(0, "arg").as_ref()),
        (_, "false" | "False_", _) => raw("false"),
        (_, "true" | "True_", _) => raw("true"),
        (_, "null" | "Null", _) => raw("NULL"),
        (_, "inline_literal", Some(arguments)) => written_default(arguments.get(0, "value").as_ref()),
        (Family::SqlAlchemy, "FetchedValue", _) => Written::Unknown,
        (Family::SqlAlchemy | Family::Postgresql, _, Some(_)) => Written::Expression(None, Scalar::Other),
        (Family::Other, _, Some(_)) => Written::Expression(None, Scalar::Other),
        _ => Written::Unknown,
    }
}

/// A string literal.
pub fn quoted(text: &str) -> Arc<str> {
    format!("'{}'", text.replace('\'', "''")).into()
}

/// What a piece of SQL is, as far as it is a bare literal.
fn scalar(text: &str) -> Scalar {
    let text = text.trim();
    if is_null(text) {
        return Scalar::Null;
    }
    match text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        Some(inner) if !inner.replace("''", "").contains(['\'', '\\']) => Scalar::Text(inner.replace("''", "'").into()),
        _ => Scalar::Other,
    }
}

/// `NULL`, as SQL has it.
pub fn is_null(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("null")
}
