//! What a run of tokens that is not read as grammar names: the tables of its FROM clauses, and the columns that it compares
//! with literals.

use std::sync::Arc;

use super::Expression;
use super::cursor::{Cursor, Source};
use super::token::{Kind, Token};
use super::types::column_type;
use crate::schema::{Comparison, Keyword, Name, Scalar, Type};

/// The tables and comparisons of a query, or of the part of a statement that is like one.
#[derive(Debug, Default)]
pub struct Query {
    pub tables: Vec<Name>,
    pub compares: Vec<Comparison>,
    /// Something in a FROM clause is no table: a column without a table's name may be that thing's.
    has_derived: bool,
    aliases: Vec<(Arc<str>, Option<Name>)>,
    locals: Vec<Arc<str>>,
}

/// What surrounds the tokens that a query is read from.
#[derive(Clone, Copy, Default)]
pub struct Scope<'a> {
    /// The table that the statement itself is about, and its alias.
    pub target: Option<(&'a Name, Option<&'a Arc<str>>)>,
    /// What WITH gave names to.
    pub locals: &'a [Arc<str>],
    /// The tokens begin with a list of tables.
    pub starts_with_tables: bool,
}

impl<'a> Scope<'a> {
    pub fn of(table: &'a Name) -> Self {
        Scope { target: Some((table, None)), ..Scope::default() }
    }
}

impl Query {
    pub fn read(source: Source, tokens: &[Token], scope: Scope) -> Query {
        let mut res = Query { locals: scope.locals.to_vec(), ..Query::default() };
        res.locals.extend(local_names(source, tokens));
        res.has_derived = !res.locals.is_empty();
        if let Some((table, alias)) = scope.target {
            res.aliases.push((alias.unwrap_or(&table.name).clone(), Some(table.clone())));
        }
        res.read_tables(source, tokens, scope);
        res.read_comparisons(source, tokens);
        res
    }

    pub fn extend(&mut self, other: Query) {
        let new = other.tables.into_iter().filter(|table| !self.tables.contains(table)).collect::<Vec<_>>();
        self.tables.extend(new);
        self.compares.extend(other.compares);
    }

    /// One level for each bracket: FROM means a list of tables only where a query began.
    fn read_tables(&mut self, source: Source, tokens: &[Token], scope: Scope) {
        #[derive(Clone, Copy)]
        struct Level {
            is_query: bool,
            in_from: bool,
            wants_table: bool,
        }
        let starts = scope.starts_with_tables;
        let mut level = Level { is_query: scope.target.is_some(), in_from: starts, wants_table: starts };
        let mut outer = Vec::new();
        let mut cursor = source.at(tokens);
        while let Some(token) = cursor.peek() {
            let wants_table = std::mem::take(&mut level.wants_table);
            match token.kind {
                Kind::Mark(b'(') => {
                    outer.push(Level { in_from: level.in_from, ..level });
                    let next = cursor.peek_at(1);
                    let begins_query =
                        next.is_some_and(|next| source.is_one_of(next, &["select", "with", "values", "table"]));
                    self.has_derived |= wants_table && begins_query;
                    // FROM ((a JOIN b) JOIN c)
                    let joins = wants_table && !begins_query;
                    level = Level { is_query: begins_query || joins, in_from: joins, wants_table: joins };
                }
                Kind::Mark(b')') => {
                    level = outer.pop().unwrap_or(level);
                    level.wants_table = false;
                }
                Kind::Mark(b',') if level.in_from => level.wants_table = true,
                Kind::Word | Kind::Quoted if wants_table => {
                    if cursor.eat_one_of(&["only", "lateral"]) {
                        level.wants_table = true;
                    } else if !self.read_table(&mut cursor) {
                        cursor.at += 1;
                    }
                    continue;
                }
                Kind::Word => self.keyword(source, tokens, cursor.at, &mut level.is_query, |in_from| {
                    (level.in_from, level.wants_table) = (in_from, in_from);
                }),
                _ => {}
            }
            cursor.at += 1;
        }
    }

    /// A word outside of a list of tables: one that begins or ends such a list.
    fn keyword(
        &mut self,
        source: Source,
        tokens: &[Token],
        at: usize,
        is_query: &mut bool,
        mut from: impl FnMut(bool),
    ) {
        const ENDS: [&str; 12] = [
            "where",
            "group",
            "order",
            "having",
            "limit",
            "union",
            "except",
            "intersect",
            "returning",
            "window",
            "offset",
            "fetch",
        ];
        let token = &tokens[at];
        if source.is_one_of(token, &["select", "delete"]) {
            *is_query = true;
            from(false);
        } else if *is_query && source.is_one_of(token, &["from", "join"]) {
            let is_distinct = at > 0 && source.is_word(&tokens[at - 1], "distinct") && at > 1 && {
                source.is_one_of(&tokens[at - 2], &["is", "not"])
            };
            if !is_distinct {
                from(true);
            }
        } else if source.is_one_of(token, &ENDS) {
            from(false);
        }
    }

    /// A table and its alias; false when it is no table.
    fn read_table(&mut self, cursor: &mut Cursor) -> bool {
        let Ok(name) = cursor.qualified() else { return false };
        if cursor.is_mark(b'(') {
            self.has_derived = true;
            return true;
        }
        cursor.eat_operator("*");
        let is_local = name.schema.is_none() && self.locals.contains(&name.name);
        let table = Some(name.clone()).filter(|_| !is_local);
        let alias = alias(cursor).unwrap_or_else(|| name.name.clone());
        self.aliases.push((alias, table.clone()));
        match table {
            Some(table) if !self.tables.contains(&table) => self.tables.push(table),
            _ => {}
        }
        true
    }

    fn read_comparisons(&mut self, source: Source, tokens: &[Token]) {
        let aliases = std::mem::take(&mut self.aliases);
        for (qualifier, column, literal) in comparisons(source, tokens) {
            let table = match &qualifier {
                Some(Qualifier::Name(name)) => match aliases.iter().rfind(|(alias, _)| alias == name) {
                    Some((_, Some(table))) => Some(table.clone()),
                    _ => continue,
                },
                Some(Qualifier::Table(table)) => Some(table.clone()),
                None if self.has_derived => continue,
                None => None,
            };
            self.compares.push(Comparison { table, column, literal });
        }
    }
}

/// `AS alias` or a bare one.
pub fn alias(cursor: &mut Cursor) -> Option<Arc<str>> {
    // words that may follow a table and cannot be told from an alias by their kind
    const FOLLOWS: [&str; 2] = ["set", "values"];
    if cursor.eat(&["as"]) {
        return cursor.id().ok();
    }
    let bare = cursor.peek().filter(|token| token.is_name() && !cursor.source.is_one_of(token, &FOLLOWS))?;
    cursor.source.keyword(bare).is_none_or(|keyword| keyword == Keyword::Column).then(|| cursor.id().ok())?
}

/// What WITH gives names to.
pub fn local_names(source: Source, tokens: &[Token]) -> Vec<Arc<str>> {
    let mut res = Vec::new();
    if !tokens.iter().any(|token| source.is_word(token, "with")) {
        return res;
    }
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let begins = before
            .is_some_and(|before| source.is_one_of(before, &["with", "recursive"]) || before.kind == Kind::Mark(b','));
        if !token.is_name() || !begins {
            continue;
        }
        let mut cursor = source.at(tokens);
        cursor.at = at + 1;
        // the columns' names are few: a long list is one of values
        const COLUMNS: usize = 200;
        if cursor.is_mark(b'(') {
            let close = cursor.rest().iter().take(COLUMNS).position(|token| token.kind == Kind::Mark(b')'));
            cursor.at += close.map_or(0, |close| close + 1);
        }
        if cursor.eat(&["as"]) {
            cursor.eat(&["not"]);
            cursor.eat(&["materialized"]);
            if cursor.is_mark(b'(') {
                res.push(source.name(token));
            }
        }
    }
    res
}

enum Qualifier {
    Name(Arc<str>),
    Table(Name),
}

type Compared = (Option<Qualifier>, Arc<str>, Arc<str>);

/// Each `column = 'literal'` and its like.
fn comparisons(source: Source, tokens: &[Token]) -> Vec<Compared> {
    const OPERATORS: [&str; 7] = ["=", "<>", "!=", "<", ">", "<=", ">="];
    let mut res = Vec::new();
    let mut push = |column: Option<(Option<Qualifier>, Arc<str>)>, literal: &Token| {
        if let (Some((qualifier, column)), Some(literal)) = (column, source.string(literal)) {
            res.push((qualifier, column, literal));
        }
    };
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        match token.kind {
            Kind::Operator if OPERATORS.contains(&token.text(source.text)) => match next {
                Some(literal) if literal.kind == Kind::Text && ends_operand(source, tokens.get(at + 2)) => {
                    push(column_before(source, tokens, at), literal);
                }
                Some(_) if at > 0 && tokens[at - 1].kind == Kind::Text && begins_operand(source, tokens, at - 1) => {
                    push(column_after(source, tokens, at + 1), &tokens[at - 1]);
                }
                _ => {}
            },
            Kind::Word if source.is_word(token, "from") && at > 1 && source.is_word(&tokens[at - 1], "distinct") => {
                // a IS [NOT] DISTINCT FROM 'x'
                let is = if source.is_word(&tokens[at - 2], "not") { at.checked_sub(3) } else { Some(at - 2) };
                let (Some(is), Some(literal)) = (is, next) else { continue };
                let is_literal = literal.kind == Kind::Text && ends_operand(source, tokens.get(at + 2));
                if is_literal && source.is_word(&tokens[is], "is") {
                    push(column_before(source, tokens, is), literal);
                }
            }
            Kind::Word if source.is_word(token, "in") => {
                let not = at > 0 && source.is_word(&tokens[at - 1], "not");
                let Some(literals) = literals(tokens, at + 1) else { continue };
                for literal in literals {
                    push(column_before(source, tokens, at - usize::from(not)), literal);
                }
            }
            Kind::Word if source.is_word(token, "case") => {
                let Some(when) =
                    (at + 2..at + 7).find(|when| tokens.get(*when).is_some_and(|token| source.is_word(token, "when")))
                else {
                    continue;
                };
                for literal in whens(source, tokens, when) {
                    push(column_before(source, tokens, when), literal);
                }
            }
            _ => {}
        }
    }
    res
}

/// The literals of `WHEN 'a' THEN …`, from the first WHEN on, of one CASE.
fn whens<'a>(source: Source, tokens: &'a [Token], when: usize) -> Vec<&'a Token> {
    let (mut res, mut depth) = (Vec::new(), 0usize);
    for (at, token) in tokens.iter().enumerate().skip(when) {
        match token.kind {
            Kind::Mark(b'(') => depth += 1,
            Kind::Word if source.is_word(token, "case") => depth += 1,
            Kind::Mark(b')') => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => break,
            },
            Kind::Word if source.is_word(token, "end") => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => break,
            },
            Kind::Word if depth == 0 && source.is_word(token, "when") => {
                let literal = tokens.get(at + 1).filter(|literal| literal.kind == Kind::Text);
                let then = tokens.get(at + 2).is_some_and(|then| source.is_word(then, "then"));
                res.extend(literal.filter(|_| then));
            }
            _ => {}
        }
    }
    res
}

/// `('a', 'b')` at a place, and nothing but strings in it.
fn literals(tokens: &[Token], open: usize) -> Option<Vec<&Token>> {
    let mut res = Vec::new();
    let mut rest = tokens.get(open..)?.iter();
    rest.next().filter(|token| token.kind == Kind::Mark(b'('))?;
    loop {
        res.push(rest.next().filter(|token| token.kind == Kind::Text)?);
        match rest.next()?.kind {
            Kind::Mark(b',') => {}
            Kind::Mark(b')') => return Some(res),
            _ => return None,
        }
    }
}

/// The column that ends just before a place, with nothing that binds it elsewhere: `NOT t.a`, not `b || a`.
fn column_before(source: Source, tokens: &[Token], end: usize) -> Option<(Option<Qualifier>, Arc<str>)> {
    let mut start = end.checked_sub(1)?;
    while start >= 2 && tokens[start - 1].kind == Kind::Mark(b'.') && tokens[start - 2].is_name() {
        start -= 2;
    }
    begins_operand(source, tokens, start).then(|| column(source, &tokens[start..end]))?
}

fn column_after(source: Source, tokens: &[Token], start: usize) -> Option<(Option<Qualifier>, Arc<str>)> {
    let mut end = start + 1;
    while tokens.get(end).is_some_and(|token| token.kind == Kind::Mark(b'.')) {
        end += 2;
    }
    ends_operand(source, tokens.get(end)).then(|| column(source, tokens.get(start..end)?))?
}

fn column(source: Source, tokens: &[Token]) -> Option<(Option<Qualifier>, Arc<str>)> {
    let mut cursor = source.at(tokens);
    let mut names = vec![cursor.id().ok()?];
    while cursor.eat_mark(b'.') {
        names.push(cursor.label().ok()?);
    }
    if !cursor.is_done() {
        return None;
    }
    let column = names.pop()?;
    let qualifier = match names.as_slice() {
        [] => None,
        [one] => Some(Qualifier::Name(one.clone())),
        [.., schema, table] => Some(Qualifier::Table(Name::new(Some(schema), table))),
    };
    Some((qualifier, column))
}

/// Whether what begins at a place is an operand by itself: nothing before it takes it.
fn begins_operand(source: Source, tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|before| tokens.get(before)) else { return true };
    const BEFORE: [&str; 16] = [
        "where", "and", "or", "not", "on", "when", "then", "else", "having", "select", "using", "check", "case",
        "return", "if", "elsif",
    ];
    match before.kind {
        Kind::Mark(mark) => matches!(mark, b'(' | b','),
        _ => source.is_one_of(before, &BEFORE),
    }
}

/// Whether what ends before a token is an operand by itself: no cast, no operator takes it.
fn ends_operand(source: Source, next: Option<&Token>) -> bool {
    const TAKES: [&str; 14] = [
        "collate", "at", "operator", "is", "isnull", "notnull", "like", "ilike", "similar", "between", "in",
        "overlaps", "not", "uescape",
    ];
    next.is_none_or(|next| match next.kind {
        Kind::Mark(mark) => matches!(mark, b')' | b',' | b';'),
        Kind::Word => !source.is_one_of(next, &TAKES),
        Kind::Quoted => true,
        _ => false,
    })
}

/// What an expression is by itself.
pub fn scalar(source: Source, tokens: &[Token]) -> Scalar {
    match tokens {
        [inside @ .., last]
            if last.kind == Kind::Mark(b')') && inside.first().is_some_and(|t| t.kind == Kind::Mark(b'(')) =>
        {
            let inner = &inside[1..];
            if inner.iter().any(|token| matches!(token.kind, Kind::Mark(b'(' | b')' | b','))) {
                return Scalar::Other;
            }
            scalar(source, inner)
        }
        [only] if source.is_word(only, "null") => Scalar::Null,
        [only] if source.is_word(only, "default") => Scalar::Default,
        [only] if only.kind == Kind::Text => source.string(only).map_or(Scalar::Other, Scalar::Text),
        [value, cast, ty @ ..] if cast.kind == Kind::Cast => {
            let mut cursor = source.at(ty);
            match column_type(&mut cursor) {
                Ok(written) if cursor.is_done() => match (scalar(source, std::slice::from_ref(value)), written.ty) {
                    (Scalar::Null, _) => Scalar::Null,
                    // a value of that type, which is the column's or refused
                    (Scalar::Text(text), Type::Named { .. }) => Scalar::Text(text),
                    _ => Scalar::Other,
                },
                _ => Scalar::Other,
            }
        }
        _ => Scalar::Other,
    }
}

/// The columns that an expression names, as far as words tell: no functions, types or keywords.
pub fn columns(source: Source, tokens: &[Token]) -> Vec<Arc<str>> {
    let mut res: Vec<Arc<str>> = Vec::new();
    let mut behind_type = 0;
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let is_behind = |word: &str| before.is_some_and(|before| source.is_word(before, word));
        // a type may be several words: `::character varying`, `CAST(a AS timestamp with time zone)`
        if before.is_some_and(|before| before.kind == Kind::Cast) || is_behind("as") {
            let mut cursor = source.at(&tokens[at..]);
            behind_type = if column_type(&mut cursor).is_ok() { at + cursor.at } else { at + 1 };
        }
        let next = tokens.get(at + 1);
        let is_followed = |word: &str| next.is_some_and(|next| source.is_word(next, word));
        let is_other = at < behind_type
            || matches!(next.map(|next| next.kind), Some(Kind::Mark(b'(' | b'.') | Kind::Text))
            // `a AT TIME ZONE …`, `extract(year FROM a)`, `interval '1' day`, `a COLLATE "C"`
            || is_followed("time")
            || is_followed("zone")
            || is_behind("time")
            || is_followed("from") && before.is_some_and(|before| before.kind == Kind::Mark(b'('))
            || before.is_some_and(|before| before.kind == Kind::Text)
            || is_behind("collate");
        let is_plain = token.is_name() && source.keyword(token).is_none_or(|keyword| keyword == Keyword::Column);
        if is_plain && !is_other {
            let name = source.name(token);
            if !res.contains(&name) {
                res.push(name);
            }
        }
    }
    res
}

pub fn expression(source: Source, tokens: &[Token]) -> Expression {
    Expression { scalar: scalar(source, tokens), compares: Query::read(source, tokens, Scope::default()).compares }
}
