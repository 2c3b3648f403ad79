//! Texts that PostgreSQL refuses, and its own words for it.

use super::Dialect;
use super::cursor::Source;
use super::token::{Kind, Token};
use crate::schema::{Error, Reason};

/// Words of other databases, in statements that a project for several of them keeps beside PostgreSQL's.
const FOREIGN_WORDS: [&str; 21] = [
    "auto_increment",
    "autoincrement",
    "engine",
    "pragma",
    "modify",
    "change",
    "unsigned",
    "charset",
    "convert",
    "fulltext",
    "optimize",
    "show",
    "use",
    "go",
    "identity_insert",
    "nvarchar",
    "varchar2",
    "exec",
    "algorithm",
    "ifnull",
    "describe",
];

/// What PostgreSQL says of a statement that our reader leaves at token `stop`; `next` is the semicolon behind it.
pub fn refusal(source: Source, tokens: &[Token], next: Option<&Token>, stop: usize) -> Option<Error> {
    if source.options.dialect != Dialect::PostgreSql || source.has_hole(tokens) {
        return None;
    }
    // PL/pgSQL has statements of its own
    const SQL: [&str; 6] = ["create", "alter", "drop", "insert", "update", "delete"];
    if source.in_block && !source.at(tokens).is_one_of(&SQL) {
        return None;
    }
    if source.at(tokens).is(&["replace"])
        || tokens.iter().any(|token| is_foreign(source, token))
        || !looks_right(source, tokens, stop)
    {
        return None;
    }
    let message = match tokens.get(stop).or(next) {
        Some(token) => format!("syntax error at or near \"{}\"", token.text(source.text)),
        None => "syntax error at end of input".to_owned(),
    };
    Some(Error::Invalid { sqlstate: "42601", message, reason: reason(source, tokens) })
}

fn is_foreign(source: Source, token: &Token) -> bool {
    match token.kind {
        Kind::Param | Kind::Stray | Kind::Unclosed => true,
        Kind::Operator => token.text(source.text).contains(['`', '#']),
        Kind::Word => source.is_one_of(token, &FOREIGN_WORDS),
        Kind::Quoted | Kind::Text | Kind::Bits | Kind::Number | Kind::Cast | Kind::Mark(_) => false,
    }
}

/// The token behind a comma that separates nothing, in what was passed by.
pub fn stray_comma(tokens: &[Token]) -> Option<usize> {
    let wrong = |pair: &[Token]| {
        matches!(
            (pair[0].kind, pair[1].kind),
            (Kind::Mark(b',' | b'('), Kind::Mark(b',')) | (Kind::Mark(b','), Kind::Mark(b')'))
        )
    };
    tokens.windows(2).position(wrong).map(|at| at + 1)
}

/// Whether PostgreSQL reads as far as `stop`, as we did: expressions are passed by here, and something may be wrong in them.
pub fn looks_right(source: Source, tokens: &[Token], stop: usize) -> bool {
    const BEFORE_TEXT: [&str; 12] =
        ["in", "values", "by", "join", "group", "order", "select", "where", "set", "table", "into", "update"];
    // a number with letters behind it is refused before anything else
    let is_glued = |pair: &[Token]| pair[0].kind == Kind::Number && pair[1].is_name() && pair[0].end == pair[1].start;
    if tokens.windows(2).any(is_glued) {
        return false;
    }
    const BEFORE_SELECT: [&str; 7] = ["union", "all", "except", "intersect", "distinct", "as", "value"];
    let read = tokens.get(..stop.min(tokens.len())).unwrap_or(tokens);
    let mut depth = 0usize;
    for (at, pair) in read.windows(2).enumerate() {
        let [first, second] = pair else { continue };
        depth = match first.kind {
            Kind::Mark(b'(') => depth + 1,
            Kind::Mark(b')') => depth.saturating_sub(1),
            _ => depth,
        };
        let is_value = |token: &Token| matches!(token.kind, Kind::Text | Kind::Number | Kind::Param | Kind::Bits);
        let is_plain = |token: &Token| token.is_name() && source.keyword(token).is_none();
        let wrong = match (first.kind, second.kind) {
            (Kind::Mark(b',' | b'('), Kind::Mark(b',')) | (Kind::Mark(b','), Kind::Mark(b')')) => true,
            (Kind::Operator, Kind::Mark(b')' | b',')) => first.text(source.text) != "*",
            (Kind::Mark(b'.'), Kind::Mark(_)) => true,
            (Kind::Mark(b')') | Kind::Quoted, Kind::Text | Kind::Number) => true,
            (Kind::Word, kind) if source.is_word(first, "in") => kind != Kind::Mark(b'('),
            (Kind::Text | Kind::Number, Kind::Word) if source.is_one_of(second, &["true", "false"]) => true,
            (Kind::Word, Kind::Text) => source.is_one_of(first, &BEFORE_TEXT),
            (kind, Kind::Word) if source.is_word(second, "select") => {
                let fits =
                    kind == Kind::Mark(b'(') || kind == Kind::Mark(b')') || source.is_one_of(first, &BEFORE_SELECT);
                !fits && (depth > 0 || !is_plain(first) && first.kind != Kind::Quoted)
            }
            (_, Kind::Word) if depth > 0 && source.is_word(second, "into") => is_plain(first),
            _ => is_value(first) && (is_value(second) || is_plain(second) || second.kind == Kind::Mark(b'(')),
        };
        if wrong && at + 1 < stop {
            return false;
        }
    }
    true
}

fn reason(source: Source, tokens: &[Token]) -> Reason {
    let starts = |words: &[&str]| source.at(tokens).is(words);
    let drops_value = starts(&["alter", "type"])
        && tokens.windows(2).any(|pair| source.is_word(&pair[0], "drop") && source.is_word(&pair[1], "value"));
    match () {
        () if starts(&["create", "type", "if", "not"]) => Reason::CreateTypeIfNotExists,
        () if starts(&["create", "or", "replace", "type"]) => Reason::CreateOrReplaceType,
        () if starts(&["alter", "type", "if"]) => Reason::AlterTypeIfExists,
        () if drops_value => Reason::DropEnumValue,
        () => Reason::Syntax,
    }
}
