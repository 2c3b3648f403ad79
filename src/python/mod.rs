//! Python source: decoding and parsing it. With [`eval`], the only user of the Python parser;
//! nothing here knows what a migration is.

mod eval;
pub mod imports;
pub mod interpret;
mod outline;

use ruff_python_ast::comparable::ComparableStmt;
use ruff_python_ast::{Expr, PySourceType, Stmt};
use ruff_python_parser::{parse_expression, parse_unchecked_source};
use ruff_text_size::Ranged;

use crate::source::Span;
use crate::threads::STACK_SIZE;

pub use eval::{Constants, Value};
pub use outline::{FunctionOutline, classes, functions, simple_statements};

/// A parsed module: the statements up to the first error at least, and that error.
pub struct Module {
    pub statements: Vec<Stmt>,
    pub error: Option<SyntaxError>,
}

/// Why CPython would refuse to compile a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Lower-case, no full stop.
    pub message: String,
    pub span: Span,
}

/// Parses a module, whatever it holds. The parser recurses, so what nests deeper than CPython's own limits
/// (200 brackets, 100 indents) by far is refused before it; run this on a thread with [`STACK_SIZE`].
pub fn parse(text: &str) -> Module {
    if let Some(error) = nests_too_deep(text) {
        return Module { statements: Vec::new(), error: Some(error) };
    }
    let parsed = parse_unchecked_source(text, PySourceType::Python);
    let error = parsed.errors().first().map(|error| SyntaxError {
        message: lower_first(&error.error.to_string()),
        span: Span::new(error.location.start().to_usize(), error.location.end().to_usize()),
    });
    Module { statements: parsed.into_syntax().body.into_iter().collect(), error }
}

/// Parses one expression; `None` when it is not one.
pub fn expression(text: &str) -> Option<Expr> {
    if nests_too_deep(text).is_some() {
        return None;
    }
    parse_expression(text).ok().map(|parsed| *parsed.into_syntax().body)
}

/// Whether two modules are the same code: layout and comments aside. `false` when one does not compile.
pub fn same_code(a: &str, b: &str) -> bool {
    on_deep_stack(|| {
        let (a, b) = (parse(a), parse(b));
        let same = |(a, b): (&Stmt, &Stmt)| ComparableStmt::from(a) == ComparableStmt::from(b);
        a.error.is_none()
            && b.error.is_none()
            && a.statements.len() == b.statements.len()
            && a.statements.iter().zip(&b.statements).all(same)
    })
}

/// The comments of a module, as far as it can be told from strings, in order.
pub fn comments(text: &str) -> Vec<Span> {
    on_deep_stack(|| {
        if nests_too_deep(text).is_some() {
            return Vec::new();
        }
        let parsed = parse_unchecked_source(text, PySourceType::Python);
        let comments = parsed.tokens().iter().filter(|token| token.kind().is_comment());
        comments.map(|token| Span::new(token.start().to_usize(), token.end().to_usize())).collect()
    })
}

/// Runs something that parses where the stack is deep enough; what cannot be run there is the default.
pub fn on_deep_stack<T: Default + Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, run);
        thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_default()
    })
}

/// Below this size no nesting can exhaust [`STACK_SIZE`] (measured: at most 8 KiB of stack a level).
const SMALL: usize = 16 << 10;
const MAX_DEPTH: usize = 1000;

fn nests_too_deep(text: &str) -> Option<SyntaxError> {
    let at = if text.len() <= SMALL { None } else { where_deep(text, MAX_DEPTH) }?;
    Some(SyntaxError { message: "nested too deeply".into(), span: Span::new(at, at + 1) })
}

/// Whether a file, however small, nests deeper than CPython allows.
pub fn is_deep(text: &str) -> bool {
    const MOST: usize = 200;
    where_deep(text, MOST).is_some()
}

/// A rough count is enough: the bound lies far above CPython's. Strings and comments are passed over.
fn where_deep(text: &str, most: usize) -> Option<usize> {
    let (mut depth, mut prefixes, mut powers) = (0usize, 0usize, 0usize);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'-' | b'~' | b'+' | b'*' => {
                prefixes += 1;
                powers += usize::from(bytes.get(at + 1) == Some(&b'*'));
            }
            // `not`, `await`, `lambda:`, `if … else` nest as well
            b't' | b'a' | b'e' if is_nesting_word(bytes, at) => prefixes += 1,
            b'=' | b',' => prefixes = 0,
            b'\n' if depth == 0 => prefixes = 0,
            quote @ (b'"' | b'\'') => at = end_of_string(bytes, at, quote),
            b'#' => at += bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |to| to - 1),
            _ => {}
        }
        if depth > most || prefixes > 10 * most || powers > 10 * most {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Where the string that opens at `at` ends: its last quote, or where the line (the file) ends when it never closes.
fn end_of_string(bytes: &[u8], at: usize, quote: u8) -> usize {
    let triple = bytes[at..].starts_with(&[quote; 3]);
    let mut to = at + if triple { 3 } else { 1 };
    while to < bytes.len() {
        match bytes[to] {
            b'\\' => to += 1,
            b'\n' if !triple => return to - 1,
            found if found == quote && !triple => return to,
            found if found == quote && bytes[to..].starts_with(&[quote; 3]) => return to + 2,
            _ => {}
        }
        to += 1;
    }
    bytes.len()
}

/// Whether a word ends at `at` that lets expressions nest without a bracket.
fn is_nesting_word(bytes: &[u8], at: usize) -> bool {
    let before = &bytes[..=at];
    [&b"not"[..], b"await", b"lambda", b"else"].iter().any(|word| before.ends_with(word))
}

/// The text of a Python file, by CPython's rules: UTF-8 with or without a byte-order mark, else what a coding line
/// in the first two lines says (PEP 263; Latin-1 and its Windows sibling are known, other codecs must be ASCII here).
/// The error is what CPython would say.
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    let (bytes, marked) = bytes.strip_prefix(b"\xef\xbb\xbf").map_or((bytes, false), |rest| (rest, true));
    let coding = coding(bytes);
    match (std::str::from_utf8(bytes), coding.as_deref()) {
        (_, Some(name)) if marked && !UTF8.contains(&name) => {
            Err(format!("it begins with a UTF-8 mark and says that it is {name}"))
        }
        (_, Some("ascii" | "us-ascii")) if !bytes.is_ascii() => Err("it says that it is ASCII, and is not".into()),
        (Ok(text), _) if text.contains('\0') => Err("source code cannot contain null bytes".into()),
        (Ok(text), _) => Ok(text.to_owned()),
        (Err(_), Some(name)) if LATIN.contains(&name) => Ok(bytes.iter().map(|&b| b as char).collect()),
        // a codec that is not known here: what matters to us is ASCII in all of them
        (Err(_), Some(name)) if !UTF8.contains(&name) => {
            Ok(bytes.iter().map(|&b| if b.is_ascii() { b as char } else { '\u{fffd}' }).collect())
        }
        (Err(error), _) => Err(format!("byte 0x{:02x} is not UTF-8", bytes[error.valid_up_to()])),
    }
}

const UTF8: [&str; 3] = ["utf-8", "utf8", "utf-8-sig"];
const LATIN: [&str; 7] = ["latin-1", "latin1", "iso-8859-1", "iso8859-1", "cp1252", "windows-1252", "iso-8859-15"];

/// What the first line says, or the second when the first holds no code.
fn coding(bytes: &[u8]) -> Option<String> {
    for line in bytes.split(|&b| b == b'\n').take(2) {
        let line = String::from_utf8_lossy(line.trim_ascii_start());
        let Some(comment) = line.strip_prefix('#') else { if line.is_empty() { continue } else { return None } };
        let mut rests = comment.match_indices("coding").map(|(at, word)| &comment[at + word.len()..]);
        if let Some(rest) = rests.find_map(|rest| rest.strip_prefix(['=', ':'])) {
            let rest = rest.trim_start_matches([' ', '\t']);
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(rest.len());
            return Some(rest[..end].to_ascii_lowercase().replace('_', "-")).filter(|name| !name.is_empty());
        }
    }
    None
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    match chars.next() {
        // keep `Got …`-free words such as acronyms alone: only a capital followed by a small letter is lowered
        Some(first) if chars.clone().next().is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> Option<String> {
        let text = text.to_owned();
        std::thread::Builder::new()
            .stack_size(STACK_SIZE)
            .spawn(move || parse(&text).error.map(|error| error.message))
            .expect("a thread")
            .join()
            .expect("no overflow")
    }

    #[test]
    fn every_python_of_today_parses() {
        assert_eq!(error("x = f'{\"a\" + f\"{1}\"}'\ntry:\n    pass\nexcept A, B:\n    pass\n"), None);
        assert!(error("print 'x'\n").is_some());
    }

    #[test]
    fn deep_nesting_is_refused_and_never_overflows() {
        for (open, close) in
            [("(", ")"), ("[", ""), ("not ", ""), ("-", ""), ("f'{", "}'"), ("lambda: ", ""), ("await ", "")]
        {
            for depth in [100, 5_000, 10_000, 300_000] {
                let text = format!("x = {}1{}\n", open.repeat(depth), close.repeat(depth));
                let found = error(&text);
                assert!(depth < 300_000 || found.is_some(), "{open} {depth}");
            }
        }
        for chain in ["+1", "**1", ".a", " if 1 else 1", "(1)"] {
            error(&format!("x = 1{}\n", chain.repeat(60_000)));
        }
    }

    #[test]
    fn ordinary_large_files_are_not_called_deep() {
        let rows = "    (1, -1, 'a (b', not_null, None),\n".repeat(20_000);
        assert_eq!(error(&format!("ROWS = [\n{rows}]\n# {}\n", "-".repeat(5_000))), None);
    }

    #[test]
    fn text_is_decoded_as_python_does() {
        assert_eq!(decode(b"\xef\xbb\xbfx = 1"), Ok("x = 1".into()));
        assert_eq!(decode(b"# -*- coding: latin-1 -*-\nx = '\xe9'"), Ok("# -*- coding: latin-1 -*-\nx = 'é'".into()));
        assert_eq!(decode(b"x = 1\n# coding: latin-1\n# \xe9"), Err("byte 0xe9 is not UTF-8".into()));
        assert_eq!(decode(b"# coding: ascii\n# \xc3\xa9"), Err("it says that it is ASCII, and is not".into()));
        assert!(decode(b"\xef\xbb\xbf# coding: latin-1\n").is_err());
        assert_eq!(decode(b"x = '\xe9'"), Err("byte 0xe9 is not UTF-8".into()));
        assert_eq!(decode(b"a\0b"), Err("source code cannot contain null bytes".into()));
    }
}
