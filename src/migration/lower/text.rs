//! The text of SQL that Python puts together, with a mark where a part of it is not known.

use super::host::Lowering;
use crate::python::interpret::{Arguments, Operator, Part, TermKind, Value};
use crate::sql::HOLE;
use crate::sqlalchemy::{call_of, known, text_of};

/// Deeper expressions are not known.
const MOST_DEEP: usize = 30;
/// Bytes of one text.
const LONGEST: usize = 1 << 20;

impl<'a> Lowering<'a> {
    /// The text of a piece of SQL, be it in `text(…)`.
    pub(super) fn sql_text(&self, value: &Value<'a>) -> Option<String> {
        match call_of(value) {
            Some((callee, arguments))
                if matches!(known(callee), Some((_, "text" | "literal_column" | "DDL" | "TextClause"))) =>
            {
                statement_text(callee, arguments)
            }
            _ => holed(value),
        }
    }
}

/// What `text(…)` or `DDL(…)` says. `DDL` puts values into its statement by `%(name)s`.
pub(super) fn statement_text(callee: &Value<'_>, arguments: &Arguments<'_>) -> Option<String> {
    let text = holed(&arguments.get(0, "text").or_else(|| arguments.keyword("statement"))?)?;
    if !matches!(known(callee), Some((_, "DDL"))) || !text.contains('%') {
        return Some(text);
    }
    let context = arguments.get(1, "context");
    let value = |name: &str| match &context {
        Some(Value::Dict(values)) => values.get_text(name).and_then(|value| text_of(&value)),
        _ => None,
    };
    Some(percent(&text, value))
}

/// The text of a value; `None` when nothing of it is known.
pub(super) fn holed(value: &Value<'_>) -> Option<String> {
    let mut res = String::new();
    write(value, &mut res, MOST_DEEP);
    res.chars().any(|c| c != HOLE && !c.is_whitespace()).then_some(res)
}

fn write(value: &Value<'_>, res: &mut String, depth: usize) {
    let Some(depth) = depth.checked_sub(1).filter(|_| res.len() < LONGEST) else { return res.push(HOLE) };
    if let Some(text) = text_of(value) {
        return res.push_str(&text);
    }
    let Value::Term(term) = value else { return res.push(HOLE) };
    match &term.kind {
        TermKind::Format(parts) => {
            for part in parts {
                match part {
                    Part::Literal(text) => res.push_str(text),
                    Part::Hole(value) => match value {
                        Value::Int(number) => res.push_str(&number.to_string()),
                        Value::Str(text) => res.push_str(text),
                        value => embedded(value, res, depth),
                    },
                }
            }
        }
        TermKind::Binary(Operator::Add, left, right) => {
            write(left, res, depth);
            write(right, res, depth);
        }
        // what is put into the text is not looked for
        TermKind::Binary(Operator::Mod, Value::Str(text), _) => res.push_str(&percent(text, |_| None)),
        TermKind::Call { callee, arguments } => match &callee.as_term().map(|callee| &callee.kind) {
            Some(TermKind::Attribute(object, name)) => match (&**name, object) {
                ("format", Value::Str(text)) => res.push_str(&braces(text)),
                ("strip" | "lstrip" | "rstrip" | "replace" | "lower" | "upper", object) => write(object, res, depth),
                _ => res.push(HOLE),
            },
            _ => match callee {
                Value::Method(method) => match (&*method.1, &method.0) {
                    ("format", Value::Str(text)) => res.push_str(&braces(text)),
                    ("strip" | "lstrip" | "rstrip" | "replace", object) => write(object, res, depth),
                    _ => res.push(HOLE),
                },
                // `textwrap.dedent(…)`, `inspect.cleandoc(…)`, `str(…)`
                Value::Builtin("str") => {
                    arguments.positional.iter().take(1).for_each(|(value, _)| write(value, res, depth))
                }
                _ => match known(callee) {
                    Some((_, "dedent" | "cleandoc" | "text" | "DDL" | "quoted_name")) => {
                        arguments.positional.iter().take(1).for_each(|(value, _)| write(value, res, depth));
                    }
                    _ => res.push(HOLE),
                },
            },
        },
        _ => res.push(HOLE),
    }
}

/// What an f-string has in it.
fn embedded(value: &Value<'_>, res: &mut String, depth: usize) {
    match value {
        Value::Term(term) if matches!(term.kind, TermKind::Format(_) | TermKind::Binary(..)) => {
            write(value, res, depth)
        }
        _ => res.push(HOLE),
    }
}

/// `%(name)s` becomes the value of that name, where it is known; it and `%s` a mark where not; `%%` a sign.
fn percent(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut res = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        res.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            res.push('%');
            rest = after;
            continue;
        }
        let named = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        match named.and_then(|(name, _)| value(name)) {
            Some(value) => res.push_str(&value),
            None => res.push(HOLE),
        }
        if let Some((_, after)) = named {
            rest = after;
        }
        let conversion = rest.find(|c: char| c.is_ascii_alphabetic()).map_or(rest.len(), |at| at + 1);
        rest = rest.get(conversion..).unwrap_or_default();
    }
    res + rest
}

/// `{…}` become marks.
fn braces(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        res.push_str(&rest[..at]);
        let (brace, after) = rest[at..].split_at(1);
        rest = match after.strip_prefix(brace) {
            Some(after) => {
                res.push_str(brace);
                after
            }
            None if brace == "{" => {
                res.push(HOLE);
                after.split_once('}').map_or("", |(_, after)| after)
            }
            None => after,
        };
    }
    res + rest
}
