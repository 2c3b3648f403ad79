//! SQL text, as migrations hand it to the database, into operations. Reads what changes the schema or names parts of it;
//! values matter only where they are literals. Knows nothing of Python or of what the database holds.

mod alter;
mod block;
mod condition;
mod create;
mod cursor;
mod dml;
mod query;
mod refusal;
mod statement;
mod table;
mod token;
mod types;

use std::ops::Range;

use crate::schema::{Action, Comparison, Error, Guard, Object, Scalar};

use cursor::{Source, Stop};
use token::{Kind, Token};
pub use types::parse_type;

/// Stands in a text for a part that could not be evaluated.
pub const HOLE: char = '\u{fffc}';

/// Whose SQL it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    PostgreSql,
    /// Another database, or one that cannot be told: only what all share is read, and no statement is refused.
    Other,
}

/// Who looks for parameters in the text before the database sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binds<'a> {
    /// `sqlalchemy.text()`: `:name` is a parameter, `\:` a colon. Those that have values; `None`: perhaps all.
    Text(Option<&'a [&'a str]>),
    /// The driver, which knows `%s`, `%(name)s` and `$1`.
    Raw,
}

#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    pub dialect: Dialect,
    pub binds: Binds<'a>,
}

/// One operation, and the statement it comes from: a statement may be several.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub action: Action,
    pub guards: Vec<Guard>,
    /// Bytes of the text.
    pub range: Range<usize>,
}

/// What an expression is, and what it compares.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    pub scalar: Scalar,
    pub compares: Vec<Comparison>,
}

/// The operations of a text of any number of statements, in order.
pub fn parse(text: &str, options: &Options) -> Vec<Statement> {
    if let Some((name, range)) = unbound(text, options.binds) {
        let action = Action::Refused(Error::UnboundParameter { name: name.to_owned() });
        return vec![Statement { action, guards: Vec::new(), range }];
    }
    let source = Source::new(text, options);
    let tokens = token::tokens(text, options.binds);
    let mut res = Vec::new();
    for (statement, next) in split(source, &tokens) {
        read(source, statement, next, &mut res, 0);
    }
    res
}

/// What one statement comes to: operations under the same conditions.
#[derive(Debug, Default)]
struct Found {
    guards: Vec<Guard>,
    actions: Vec<Action>,
}

impl From<Vec<Action>> for Found {
    fn from(actions: Vec<Action>) -> Self {
        Found { guards: Vec::new(), actions }
    }
}

impl From<Action> for Found {
    fn from(action: Action) -> Self {
        vec![action].into()
    }
}

/// The first parameter of `sqlalchemy.text()` that is given no value.
fn unbound<'a>(text: &'a str, binds: Binds) -> Option<(&'a str, Range<usize>)> {
    let Binds::Text(Some(bound)) = binds else { return None };
    text.match_indices(':').find_map(|(at, _)| {
        let name = token::parameter_at(text, at).filter(|name| !bound.contains(name))?;
        let end = at + 1 + name.len();
        let touches_hole = text[..at].ends_with(HOLE) || text[end..].starts_with(HOLE);
        (!touches_hole).then_some((name, at..end))
    })
}

/// Statements, each with the semicolon that ends it. Those between brackets, and in a function's `BEGIN ATOMIC … END`, end
/// none.
fn split<'a>(source: Source<'a>, tokens: &'a [Token]) -> Vec<(&'a [Token], Option<&'a Token>)> {
    let mut res = Vec::new();
    let (mut start, mut depth, mut n_begins) = (0, 0usize, 0usize);
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Mark(b'(') => depth += 1,
            Kind::Mark(b')') => depth = depth.saturating_sub(1),
            Kind::Mark(b';') if depth == 0 && n_begins == 0 => {
                res.push((&tokens[start..at], Some(token)));
                start = at + 1;
            }
            Kind::Word if n_begins > 0 && source.is_word(token, "case") => n_begins += 1,
            Kind::Word if n_begins > 0 && source.is_word(token, "end") => n_begins -= 1,
            Kind::Word if source.is_word(token, "atomic") && at > 0 && source.is_word(&tokens[at - 1], "begin") => {
                n_begins += 1;
            }
            _ => {}
        }
    }
    res.push((&tokens[start..], None));
    res.retain(|(statement, _)| !statement.is_empty());
    res
}

/// Reads one statement, `depth` blocks deep.
fn read(source: Source, tokens: &[Token], next: Option<&Token>, res: &mut Vec<Statement>, depth: usize) {
    let range = cursor::bounds(tokens);
    if nests_too_deep(source, tokens) {
        let action = Action::Unknown { text: excerpt(source, tokens), touches: statement::touches(source, tokens) };
        res.push(Statement { action, guards: Vec::new(), range });
        return;
    }
    if let Some(statements) = block::run(source, tokens, depth) {
        res.extend(statements);
        return;
    }
    let mut cursor = source.at(tokens);
    let is_other = source.options.dialect == Dialect::Other;
    let found = match statement::statement(&mut cursor) {
        // what other databases add at the end changes nothing of what was read
        Ok(found) if is_other => Ok(found),
        // passed by as a whole: nobody looked inside, or where it ends
        Ok(found) if found.actions == [Action::Nothing] => {
            if cursor.is_done() {
                Ok(found)
            } else {
                Err(Stop::Unread)
            }
        }
        Ok(found) if cursor.is_done() => refusal::stray_comma(tokens).map_or(Ok(found), |at| Err(Stop::Unexpected(at))),
        Ok(_) => cursor.unexpected(),
        Err(stop) => Err(stop),
    };
    let found = found.unwrap_or_else(|stop| {
        let refused = match stop {
            Stop::Unexpected(at) => refusal::refusal(source, tokens, next, at),
            Stop::Hole | Stop::Unread => None,
        };
        let unknown = || Action::Unknown { text: excerpt(source, tokens), touches: statement::touches(source, tokens) };
        Found::from(refused.map_or_else(unknown, Action::Refused))
    });
    res.extend(found.actions.into_iter().map(|action| Statement {
        action,
        guards: found.guards.clone(),
        range: range.clone(),
    }));
}

/// Expressions are looked at again for each level that they nest; nobody writes as many.
fn nests_too_deep(source: Source, tokens: &[Token]) -> bool {
    const MOST: usize = 300;
    let mut depth = 0usize;
    tokens.iter().any(|token| {
        depth = match token.kind {
            Kind::Mark(b'(') => depth + 1,
            Kind::Mark(b')') => depth.saturating_sub(1),
            Kind::Word if source.is_word(token, "case") => depth + 1,
            Kind::Word if source.is_word(token, "end") => depth.saturating_sub(1),
            _ => depth,
        };
        depth > MOST
    })
}

/// The beginning of a statement, for people.
fn excerpt(source: Source, tokens: &[Token]) -> String {
    const LONGEST: usize = 200;
    source.span(tokens).chars().take(LONGEST).collect()
}

/// An expression: a default, a CHECK, the predicate of an index.
pub fn expression(text: &str) -> Expression {
    let options = Options { dialect: Dialect::PostgreSql, binds: Binds::Text(None) };
    query::expression(Source::new(text, &options), &token::tokens(text, options.binds))
}

/// What a query asks the existence of: `SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'st')`, `SELECT 1 FROM
/// information_schema.columns WHERE table_name = 't' AND column_name = 'c'`, `SELECT to_regclass('t')`.
pub fn asks_for_existence(sql: &str) -> Option<Object> {
    let options = Options { dialect: Dialect::PostgreSql, binds: Binds::Text(None) };
    let source = Source::new(sql, &options);
    let tokens = token::tokens(sql, options.binds);
    match split(source, &tokens).as_slice() {
        [(query, _)] => condition::question(source, query),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
