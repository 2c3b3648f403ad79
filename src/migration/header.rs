//! Reads a script's header: its ids, labels and first line of documentation. Never looks at what it does.

use std::sync::LazyLock;

use regex::Regex;
use ruff_python_ast::{Expr, Stmt};

use crate::python::{self, Constants, SyntaxError, Value};
use crate::source::Span;

/// A value of the header and where it is written. `value` is `None` when it cannot be told from the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<T> {
    pub value: Option<T>,
    pub span: Span,
}

/// What a script says of itself. A name that is not bound is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    pub revision: Option<Field<String>>,
    pub down_revision: Option<Field<Vec<String>>>,
    pub depends_on: Option<Field<Vec<String>>>,
    /// A label that is not a literal stands as the text it is written as.
    pub branch_labels: Option<Field<Vec<String>>>,
    /// First line of the module's documentation, empty when there is none.
    pub message: String,
    /// Why Alembic cannot load the file.
    pub problem: Option<Problem>,
}

/// Why Alembic cannot load a file of a version location (every file there is imported).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// CPython 3 does not compile it; `python2`: it is the older language.
    Syntax { error: SyntaxError, python2: bool },
    /// Its bytes are no text in its encoding.
    Encoding(String),
    /// No `revision`, and no file name of old that would stand for it.
    NoRevision,
    /// `revision` is not a string.
    RevisionNotText(Span),
    /// No `down_revision` (mandatory, `None` for a base).
    NoDownRevision,
    /// `down_revision` holds something that is no id for certain.
    DownRevisionNotText(Span),
    /// Over the size that is read, in bytes.
    TooLarge(u64),
    /// Not in this clone.
    Absent,
}

const NAMES: [&str; 4] = ["revision", "down_revision", "depends_on", "branch_labels"];

impl Header {
    /// Reads only as much of the text as the header needs: a syntax error further down is not seen.
    pub fn read(text: &str, file_name: &[u8]) -> Header {
        match prefix(text) {
            Some(prefix) => {
                let module = python::parse(prefix);
                match module.error {
                    None => from_module(&module.statements, prefix, file_name),
                    Some(_) => Self::read_whole(text, file_name),
                }
            }
            None => Self::read_whole(text, file_name),
        }
    }

    /// Reads the whole text, and so knows whether it compiles.
    pub fn read_whole(text: &str, file_name: &[u8]) -> Header {
        let module = python::parse(text);
        match module.error {
            None => from_module(&module.statements, text, file_name),
            Some(error) => from_lines(text, error, file_name),
        }
    }
}

/// The text up to the first function or class, when nothing behind it can touch the header.
fn prefix(text: &str) -> Option<&str> {
    static BODY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^(?:def |async def |class |@)"));
    let at = BODY.find(text)?.start();
    let (prefix, rest) = text.split_at(at);
    let bound_later = NAMES.iter().any(|name| rest.contains(name) && may_bind(rest, name));
    (!bound_later).then_some(prefix)
}

/// Whether a name stands in the text in any other way than behind a dot, a quote or a letter.
fn may_bind(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].bytes().next_back();
        let after = text[at + name.len()..].bytes().next();
        let word = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii();
        !before.is_some_and(|byte| word(byte) || b".\"'".contains(&byte)) && !after.is_some_and(word)
    })
}

fn from_module(statements: &[Stmt], text: &str, file_name: &[u8]) -> Header {
    let mut header = from_constants(&Constants::of(statements, text), file_name);
    header.message = documentation(statements);
    header
}

fn from_constants(constants: &Constants, file_name: &[u8]) -> Header {
    let mut header = Header {
        down_revision: constants.lookup("down_revision").map(ids),
        // a star import hardly brings these two, and a label that is not there would excuse a second head
        depends_on: constants.lookup_written("depends_on").map(|field| match field {
            // unlike an empty `down_revision`, which is looked up
            (Value::Str(text), span) if text.is_empty() => Field { value: Some(Vec::new()), span },
            field => ids(field),
        }),
        branch_labels: constants.lookup_written("branch_labels").map(labels),
        ..Header::default()
    };
    match constants.lookup("revision") {
        Some((Value::Str(id), span)) => header.revision = Some(Field { value: Some(id), span }),
        Some((Value::Unknown(_), span)) => header.revision = Some(Field { value: None, span }),
        Some((_, span)) => header.problem = Some(Problem::RevisionNotText(span)),
        None => match id_of_old(file_name) {
            Some(id) => header.revision = Some(Field { value: Some(id), span: Span::default() }),
            None => header.problem = Some(Problem::NoRevision),
        },
    }
    let down_revision = constants.lookup("down_revision");
    header.problem = header.problem.or(match down_revision {
        None => Some(Problem::NoDownRevision),
        Some((value, span)) if !may_be_ids(&value) => Some(Problem::DownRevisionNotText(span)),
        Some(_) => None,
    });
    header
}

/// Before `revision` existed the file's name was the id (Alembic still accepts `[a-f0-9]+.py`).
fn id_of_old(file_name: &[u8]) -> Option<String> {
    let stem = std::str::from_utf8(file_name).ok()?.strip_suffix(".py")?;
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    (!stem.is_empty() && stem.bytes().all(hex)).then(|| stem.to_owned())
}

/// `None` and empty sequences are no id, a string is one, a sequence is its strings (Alembic's `to_tuple`).
fn ids((value, span): (Value, Span)) -> Field<Vec<String>> {
    let value = match value {
        Value::None => Some(Vec::new()),
        Value::Str(id) => Some(vec![id]),
        Value::Sequence(values) => values
            .into_iter()
            .map(|value| match value {
                Value::Str(id) => Some(id),
                _ => None,
            })
            .collect(),
        _ => None,
    };
    Field { value, span }
}

/// Alembic looks up whatever `down_revision` holds: a number, or `None` in a sequence, is a `KeyError`.
fn may_be_ids(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::Int(_) => false,
        Value::Sequence(values) => values.iter().all(|value| matches!(value, Value::Str(_) | Value::Unknown(_))),
        Value::None | Value::Str(_) | Value::Unknown(_) => true,
    }
}

fn labels((value, span): (Value, Span)) -> Field<Vec<String>> {
    let label = |value| match value {
        Value::Str(text) | Value::Unknown(text) => Some(text),
        _ => None,
    };
    let value = match value {
        Value::None => Some(Vec::new()),
        Value::Sequence(values) => values.into_iter().map(label).collect(),
        value => label(value).map(|label| vec![label]),
    };
    Field { value, span }
}

/// First line of the module's docstring (Alembic shows it up to the first blank line).
fn documentation(statements: &[Stmt]) -> String {
    match statements.first() {
        Some(Stmt::Expr(expr)) => match &*expr.value {
            Expr::StringLiteral(literal) => first_line(literal.value.to_str()),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

fn first_line(text: &str) -> String {
    text.trim_start().lines().next().unwrap_or_default().trim_end().to_owned()
}

/// For files that no Python 3 accepts (the older language, conflict markers, broken code): assignments that start a
/// line, each parsed on its own. Between conflict markers nothing is certain.
fn from_lines(text: &str, error: SyntaxError, file_name: &[u8]) -> Header {
    static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(revision|down_revision|depends_on|branch_labels)[ \t]*(?::[^=\n]*)?=[ \t]*(?:[^=\s]|$)")
    });
    let mut constants = Constants::default();
    let mut conflict = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        conflict = match line.get(..7) {
            Some("<<<<<<<") => true,
            Some(">>>>>>>") => false,
            _ => conflict,
        };
        if let Some(found) = ASSIGNMENT.captures(line) {
            let name = &found[1];
            let start = at + line.find('=').map_or(0, |to| to + 1);
            match value_at(text, start) {
                Some((value, span)) if !conflict => constants.bind(name, value, span),
                _ => constants.bind(name, Value::Unknown(String::new()), Span::new(start, at + line.trim_end().len())),
            }
        }
        at += line.len();
    }
    let mut header = from_constants(&constants, file_name);
    header.message = text
        .trim_start()
        .strip_prefix("\"\"\"")
        .or_else(|| text.trim_start().strip_prefix("'''"))
        .map(first_line)
        .unwrap_or_default();
    let python2 = is_python2(text, &error);
    header.problem = Some(Problem::Syntax { error, python2 });
    header
}

/// The expression that starts at `start`: the shortest run of lines that parses, within a bound.
fn value_at(text: &str, start: usize) -> Option<(Value, Span)> {
    const MAX_LINES: usize = 200;
    let rest = &text[start..];
    let skipped = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let rest = &rest[skipped..];
    rest.match_indices('\n').map(|(at, _)| at).chain([rest.len()]).take(MAX_LINES).find_map(|end| {
        let code = &rest[..end];
        let expression = python::expression(code)?;
        let value = Constants::default().evaluate(&expression, code);
        let length = code.find('#').unwrap_or(code.len());
        Some((value, Span::new(start + skipped, start + skipped + code[..length].trim_end().len())))
    })
}

/// Whether the line that does not compile is Python 2.
fn is_python2(text: &str, error: &SyntaxError) -> bool {
    static OLD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r#"^\s*print\s+[^\s=(]|^\s*print\s*>>|^\s*exec\s+["'\w]|except\s+[\w.()\s,]+,\s*\w+\s*:|^\s*raise\s+[\w.]+\s*,"#,
            r#"|\b[uU][rR]["']|<>|\b0[0-7]+\b|\b\d+[lL]\b|`"#,
        ))
    });
    let start = text[..text.floor_char_boundary(error.span.start)].rfind('\n').map_or(0, |at| at + 1);
    OLD.is_match(text[start..].lines().next().unwrap_or_default())
}

fn pattern(text: &str) -> Regex {
    #[allow(clippy::unwrap_used, reason = "the patterns are constants, and a test compiles each")]
    Regex::new(text).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Header {
        let header = Header::read(text, b"a1_x.py");
        if header.problem.is_none() {
            assert_eq!(header, Header::read_whole(text, b"a1_x.py"), "both ways of reading agree");
        }
        header
    }

    fn id(header: &Header) -> Option<&str> {
        header.revision.as_ref()?.value.as_deref()
    }

    fn down(text: &str) -> Option<Vec<String>> {
        read(&format!("revision = 'r'\n{text}")).down_revision.and_then(|field| field.value)
    }

    #[test]
    fn the_generic_template_is_read() {
        let text = "\"\"\"add users\n\nRevision ID: b2\nRevises: a1\n\"\"\"\nfrom typing import Union\n\nfrom alembic import op\n\n\
            # revision identifiers, used by Alembic.\nrevision: str = 'b2'\ndown_revision: Union[str, None] = 'a1'\n\
            branch_labels: Union[str, None] = None\ndepends_on = None\n\n\ndef upgrade() -> None:\n    op.drop_table('x')\n";
        let header = read(text);
        assert_eq!(id(&header), Some("b2"));
        assert_eq!(header.message, "add users");
        assert_eq!(header.down_revision.as_ref().and_then(|field| field.value.clone()), Some(vec!["a1".into()]));
        assert_eq!(header.branch_labels.and_then(|field| field.value), Some(vec![]));
        let span = header.down_revision.map(|field| field.span).unwrap_or_default();
        assert_eq!(&text[span.start..span.end], "'a1'");
        assert_eq!(header.problem, None);
    }

    #[test]
    fn every_spelling_of_down_revision() {
        assert_eq!(down("down_revision = None"), Some(vec![]));
        assert_eq!(down("down_revision = ()"), Some(vec![]));
        assert_eq!(down("down_revision = ['a']"), Some(vec!["a".into()]));
        assert_eq!(down("down_revision = (\n    'a',\n    u'b',\n)"), Some(vec!["a".into(), "b".into()]));
        assert_eq!(down("down_revision = 'a'#'b'"), Some(vec!["a".into()]));
        assert_eq!(down("down_revision = 'a'\ndown_revision = 'b'"), Some(vec!["b".into()]));
        assert_eq!(down("down_revision = compute()"), None);
        assert_eq!(down("down_revision = ('a', x)"), None);
        assert_eq!(down("down_revision = ['a']\ndown_revision += ['b']"), None);
    }

    #[test]
    fn what_stands_behind_the_functions_counts() {
        let text = "revision = 'a'\ndown_revision = None\ndef upgrade():\n    pass\ndown_revision = 'z'\n";
        assert_eq!(read(text).down_revision.and_then(|field| field.value), Some(vec!["z".into()]));
        let text = "def upgrade():\n    pass\nrevision = 'a'\ndown_revision = None\n";
        assert_eq!(id(&read(text)), Some("a"));
        let text = "\"\"\"doc\ndef upgrade\n\"\"\"\nrevision = 'a'\ndown_revision = None\ndef upgrade():\n    pass\n";
        assert_eq!(id(&read(text)), Some("a"));
    }

    #[test]
    fn labels_that_are_no_literals_keep_their_text() {
        let text = "from n import cli\nrevision = 'a'\ndown_revision = None\nbranch_labels = (cli.EXPAND,)\n";
        assert_eq!(read(text).branch_labels.and_then(|field| field.value), Some(vec!["cli.EXPAND".into()]));
        assert_eq!(read("from n import *\nrevision = 'a'\ndown_revision = None\n").branch_labels, None);
    }

    #[test]
    fn a_star_import_may_bind_what_must_be_there_and_nothing_else() {
        let header = read("from x import *\nrevision = 'a'\n");
        assert_eq!(header.down_revision.map(|field| field.value), Some(None));
        assert_eq!(header.branch_labels, None);
    }

    #[test]
    fn what_alembic_cannot_load_is_said() {
        assert_eq!(read("X = 1\n").problem, Some(Problem::NoRevision));
        assert_eq!(read("").problem, Some(Problem::NoRevision));
        assert_eq!(read("revision = 'a'\n").problem, Some(Problem::NoDownRevision));
        assert!(matches!(read("revision = None\ndown_revision = None\n").problem, Some(Problem::RevisionNotText(_))));
        for wrong in ["2", "False", "('a', None)", "[['a']]"] {
            let problem = read(&format!("revision = 'a'\ndown_revision = {wrong}\n")).problem;
            assert!(matches!(problem, Some(Problem::DownRevisionNotText(_))), "{wrong}: {problem:?}");
        }
        assert_eq!(id(&Header::read("down_revision = None", b"1975ea83b712.py")), Some("1975ea83b712"));
    }

    #[test]
    fn broken_files_still_tell_their_header() {
        let old = "revision = 'a'\ndown_revision = 'b'\ndef upgrade():\n    print 'x'\n";
        let header = Header::read_whole(old, b"x.py");
        assert_eq!(id(&header), Some("a"));
        assert!(matches!(header.problem, Some(Problem::Syntax { python2: true, .. })), "{:?}", header.problem);
        let broken = "revision = 'a'\ndown_revision = (\n    'b',  # one\n    'c',\n)\ndef upgrade(:\n";
        let header = Header::read_whole(broken, b"x.py");
        assert_eq!(header.down_revision.and_then(|field| field.value), Some(vec!["b".into(), "c".into()]));
        assert!(matches!(header.problem, Some(Problem::Syntax { python2: false, .. })));
        let conflict = "revision = 'a'\n<<<<<<< HEAD\ndown_revision = 'b'\n=======\ndown_revision = 'c'\n>>>>>>> x\n";
        let header = Header::read_whole(conflict, b"x.py");
        assert_eq!(id(&header), Some("a"));
        assert_eq!(header.down_revision.map(|field| field.value), Some(None));
    }

    #[test]
    fn the_header_alone_is_read_where_that_is_enough() {
        let text = "revision = 'a'\ndown_revision = None\ndef upgrade(:\n";
        assert_eq!(Header::read(text, b"x.py").problem, None);
        assert!(matches!(Header::read_whole(text, b"x.py").problem, Some(Problem::Syntax { .. })));
    }
}
