//! INSERT, UPDATE, DELETE, queries and COPY: which columns are given what, and what is compared.

use std::sync::Arc;

use super::cursor::{Cursor, Read, Source, Stop};
use super::query::{Query, Scope, alias, local_names, scalar};
use super::token::{Kind, Token};
use super::{Dialect, Found};
use crate::schema::{Action, Comment, Error, Inserted, Name, Object, Reason, Scalar, TableDef, Touches};

/// A statement on rows: one that begins with WITH, INSERT, UPDATE, DELETE, SELECT, VALUES, TABLE or a bracket.
pub fn dml(cursor: &mut Cursor) -> Read<Found> {
    let locals = local_names(cursor.source, cursor.rest());
    let mut actions = Vec::new();
    if cursor.is(&["with"]) {
        let start = cursor.at;
        while let Some(mut body) = with_query(cursor)? {
            if body.is_one_of(&["insert", "update", "delete"]) {
                actions.extend(change(&mut body, &locals)?);
            }
        }
        if cursor.is_one_of(&["insert", "update", "delete"]) {
            let with = cursor.tokens.get(start..cursor.at).unwrap_or(&[]);
            actions.splice(0..0, reads(cursor.source, with));
            actions.extend(change(cursor, &locals)?);
        } else {
            let query = &cursor.tokens[start..];
            cursor.skip_while(|_, _| true);
            actions.extend(queried(cursor.source, query));
        }
    } else if cursor.is_one_of(&["insert", "update", "delete"]) {
        actions.extend(change(cursor, &locals)?);
    } else {
        let query = cursor.skip_while(|_, _| true);
        actions.extend(queried(cursor.source, query));
    }
    Ok(actions.into())
}

/// The next `name AS (…)` of a WITH list; `None` behind the list.
fn with_query<'a>(cursor: &mut Cursor<'a>) -> Read<Option<Cursor<'a>>> {
    if !cursor.eat(&["with"]) && !cursor.eat_mark(b',') {
        return Ok(None);
    }
    cursor.eat(&["recursive"]);
    cursor.id()?;
    if cursor.is_mark(b'(') {
        cursor.group()?;
    }
    cursor.expect(&["as"])?;
    cursor.eat(&["not"]);
    cursor.eat(&["materialized"]);
    let body = cursor.group()?;
    if cursor.is_one_of(&["search", "cycle"]) {
        return Err(Stop::Unread);
    }
    Ok(Some(body))
}

fn change(cursor: &mut Cursor, locals: &[Arc<str>]) -> Read<Vec<Action>> {
    if cursor.eat(&["insert"]) {
        insert(cursor, locals)
    } else if cursor.eat(&["update"]) {
        update(cursor, locals)
    } else {
        cursor.expect(&["delete"])?;
        delete(cursor, locals)
    }
}

/// The tables that a query reads, if any.
pub fn reads(source: Source, tokens: &[Token]) -> Option<Action> {
    let Query { tables, compares, .. } = Query::read(source, tokens, Scope::default());
    (!tables.is_empty() || !compares.is_empty()).then_some(Action::Select { tables, compares })
}

/// A query that is a statement of its own.
fn queried(source: Source, tokens: &[Token]) -> Vec<Action> {
    let mut res = Vec::from_iter(reads(source, tokens));
    if let Some(name) = selected_into(source, tokens) {
        let (columns, constraints, indexes) = (Vec::new(), Vec::new(), Vec::new());
        let (if_not_exists, opaque, temporary) = (false, true, false);
        res.push(Action::CreateTable(TableDef {
            comment: Comment::None,
            name,
            columns,
            constraints,
            indexes,
            if_not_exists,
            opaque,
            temporary,
        }));
    }
    res.extend(called(source, tokens));
    if res.is_empty() {
        res.push(Action::Nothing);
    }
    res
}

/// The table that `SELECT … INTO` makes; in a block INTO fills variables.
fn selected_into(source: Source, tokens: &[Token]) -> Option<Name> {
    let mut cursor = source.at(tokens);
    if source.in_block || !cursor.is(&["select"]) {
        return None;
    }
    cursor.skip_while(|_, token| !source.is_one_of(token, &["into", "from", "where", "union"]));
    cursor.eat(&["into"]).then_some(())?;
    let _ = cursor.eat_one_of(&["temporary", "temp", "unlogged"]);
    cursor.eat(&["table"]);
    cursor.qualified().ok()
}

/// A call that is a whole query, of a function that is not PostgreSQL's (`SELECT add_audit('t')`): it may do anything, but to
/// the tables that it is told, if it is told any.
fn called(source: Source, tokens: &[Token]) -> Option<Action> {
    #[rustfmt::skip]
    const HARMLESS: [&str; 18] = [
        "setval", "nextval", "currval", "now", "count", "version", "set_config", "current_setting", "to_regclass",
        "to_regtype", "format", "concat", "lower", "upper", "max", "min", "length", "uuid_generate_v4",
    ];
    let mut cursor = source.at(tokens);
    cursor.eat(&["select"]).then_some(())?;
    let is_grammar = source.keyword(cursor.peek()?).is_some();
    let function = cursor.function().ok()?;
    let is_own = function.schema.as_deref().is_none_or(|schema| schema == "pg_catalog")
        && (HARMLESS.contains(&&*function.name) || function.name.starts_with("pg_"));
    if is_grammar || is_own || !cursor.is_mark(b'(') {
        return None;
    }
    let arguments = cursor.group().ok()?.tokens;
    if !cursor.is_done() && !cursor.is(&["as"]) {
        return None;
    }
    let texts: Vec<_> = arguments.iter().filter(|token| token.kind == Kind::Text).collect();
    let texts: Vec<Name> = texts.into_iter().filter_map(|token| named(&source.string(token)?)).collect();
    // ('schema', 'table', …)
    let pairs = texts.windows(2).map(|pair| Name::new(Some(&pair[0].name), &pair[1].name));
    let tables: Vec<Object> = texts.iter().cloned().chain(pairs).map(Object::Table).collect();
    let touches = if tables.is_empty() { Touches::Anything } else { Touches::Objects(tables) };
    Some(Action::Unknown { text: super::excerpt(source, tokens), touches })
}

/// What a name inside a string names: `schema.name`, folded as SQL folds it.
pub fn named(text: &str) -> Option<Name> {
    let options = super::Options { dialect: Dialect::PostgreSql, binds: super::Binds::Raw };
    let tokens = super::token::tokens(text, options.binds);
    let mut cursor = Source::new(text, &options).at(&tokens);
    cursor.qualified().ok().filter(|_| cursor.is_done())
}

/// Behind INSERT.
fn insert(cursor: &mut Cursor, locals: &[Arc<str>]) -> Read<Vec<Action>> {
    cursor.expect(&["into"])?;
    let table = cursor.qualified()?;
    let alias = if cursor.eat(&["as"]) { Some(cursor.id()?) } else { None };
    let mut has_hole = false;
    let mut columns = None;
    let is_list =
        cursor.peek_at(1).is_some_and(|first| !cursor.source.is_one_of(first, &["select", "with", "values", "table"]));
    if cursor.is_mark(b'(') && is_list && cursor.peek_at(1).is_some_and(|first| first.kind != Kind::Mark(b'(')) {
        match cursor.in_group(|group| group.list(target_column)) {
            Ok(names) => columns = Some(names),
            Err(stop @ Stop::Unexpected(_)) => return Err(stop),
            Err(_) => has_hole = true,
        }
    }
    if cursor.eat(&["overriding"]) {
        cursor.label()?;
        cursor.expect(&["value"])?;
    }
    let start = cursor.at;
    let mut refused = None;
    let rows = if cursor.eat(&["default", "values"]) {
        Inserted::Defaults
    } else if cursor.eat(&["values"]) {
        let rows = rows(cursor)?;
        let n_columns = columns.as_ref().map(Vec::len);
        if !has_hole && cursor.source.options.dialect == Dialect::PostgreSql {
            let is_right = super::refusal::looks_right(cursor.source, cursor.tokens, cursor.tokens.len());
            refused = rows.as_ref().and_then(|rows| misfit(rows, n_columns)).filter(|_| is_right);
        }
        let fits = |rows: &Vec<Vec<Scalar>>| {
            !has_hole && rows.iter().all(|row| n_columns.is_none_or(|n_columns| row.len() == n_columns))
        };
        rows.filter(fits).map_or(Inserted::Query, Inserted::Values)
    } else if cursor.is_one_of(&["select", "with", "table"]) || cursor.is_mark(b'(') {
        cursor
            .skip_while(|cursor, token| !cursor.source.is_word(token, "returning") && !cursor.is(&["on", "conflict"]));
        Inserted::Query
    } else {
        return cursor.unexpected();
    };
    if cursor.is(&["on", "conflict"]) || cursor.is(&["returning"]) {
        cursor.skip_while(|_, _| true);
    }
    if let Some(refused) = refused {
        return Ok(vec![Action::Refused(refused)]);
    }
    let scope = Scope { target: Some((&table, alias.as_ref())), locals, starts_with_tables: false };
    let read = cursor.tokens.get(start..cursor.at).unwrap_or(&[]);
    let query = Query::read(cursor.source, read, scope);
    let rows = match rows {
        Inserted::Query if locals.is_empty() && selects_all(cursor.source, read, &query.tables) => {
            Inserted::AllOf(query.tables.clone())
        }
        rows => rows,
    };
    let mut res = Vec::new();
    let mut compares = query.compares;
    if !query.tables.is_empty() {
        res.push(Action::Select { tables: query.tables, compares: std::mem::take(&mut compares) });
    }
    res.push(Action::Insert { table, columns, rows, filled: Vec::new(), compares });
    Ok(res)
}

/// `SELECT a, 1, now() FROM t`: a row for each of the tables', and one without tables. No function that gives several rows or none
/// is called, and nothing leaves any out.
fn selects_all(source: Source, query: &[Token], tables: &[Name]) -> bool {
    const NARROW: [&str; 17] = [
        "where",
        "join",
        "having",
        "group",
        "limit",
        "offset",
        "fetch",
        "union",
        "except",
        "intersect",
        "only",
        "case",
        "into",
        "lateral",
        "tablesample",
        "returning",
        "on",
    ];
    const PLAIN: [&str; 8] =
        ["now", "lower", "upper", "coalesce", "concat", "gen_random_uuid", "uuid_generate_v4", "md5"];
    let wrong = |at: usize, token: &Token| match token.kind {
        Kind::Word if at > 0 && source.is_word(token, "select") => true,
        Kind::Word => source.is_one_of(token, &NARROW),
        Kind::Mark(b'(') => !at.checked_sub(1).is_some_and(|at| source.is_one_of(&query[at], &PLAIN)),
        _ => false,
    };
    let has_from = query.iter().any(|token| source.is_word(token, "from"));
    source.at(query).is(&["select"])
        && has_from != tables.is_empty()
        && !source.has_hole(query)
        && !query.iter().enumerate().any(|(at, token)| wrong(at, token))
}

/// A column that a value is inserted into; one of its fields or elements is not read.
fn target_column(cursor: &mut Cursor) -> Read<Arc<str>> {
    let name = cursor.id()?;
    if !cursor.is_mark(b'.') && !cursor.is_mark(b'[') {
        return Ok(name);
    }
    cursor.skip_while(|_, token| token.kind != Kind::Mark(b','));
    Err(Stop::Unread)
}

/// The rows behind VALUES; `None` when they cannot be told.
fn rows(cursor: &mut Cursor) -> Read<Option<Vec<Vec<Scalar>>>> {
    let mut res = Vec::new();
    loop {
        if !cursor.is_mark(b'(') {
            return match cursor.peek().map(|token| token.kind) {
                Some(Kind::Param) => {
                    cursor.at += 1;
                    Ok(None)
                }
                Some(_) if cursor.unexpected::<()>() == Err(Stop::Hole) => {
                    cursor.skip_while(|_, _| true);
                    Ok(None)
                }
                _ => cursor.unexpected(),
            };
        }
        let row = cursor.in_group(|row| row.list(|item| item.expression(&[])))?;
        if row.iter().any(|value| matches!(value, [only] if cursor.source.has_hole(std::slice::from_ref(only)) && only.kind != Kind::Text)) {
            // it may stand for any number of values
            cursor.skip_while(|cursor, token| !cursor.source.is_one_of(token, &["on", "returning"]));
            return Ok(None);
        }
        // (a).* is as many values as a has fields
        if row.iter().any(|value| value.last().is_some_and(|last| cursor.source.is_operator(last, "*"))) {
            cursor.skip_while(|cursor, token| !cursor.source.is_one_of(token, &["on", "returning"]));
            return Ok(None);
        }
        res.push(row.iter().map(|value| scalar(cursor.source, value)).collect());
        if !cursor.eat_mark(b',') {
            return Ok(Some(res));
        }
    }
}

/// PostgreSQL's refusal of rows whose length is wrong.
fn misfit(rows: &[Vec<Scalar>], n_columns: Option<usize>) -> Option<Error> {
    let n_values = rows.first()?.len();
    let message = match n_columns {
        _ if rows.iter().any(|row| row.len() != n_values) => "VALUES lists must all be the same length",
        Some(n_columns) if n_values > n_columns => "INSERT has more expressions than target columns",
        Some(n_columns) if n_values < n_columns => "INSERT has more target columns than expressions",
        _ => return None,
    };
    Some(Error::Invalid { sqlstate: "42601", message: message.to_owned(), reason: Reason::Syntax })
}

/// Behind UPDATE.
fn update(cursor: &mut Cursor, locals: &[Arc<str>]) -> Read<Vec<Action>> {
    const ENDS: [&str; 3] = ["from", "where", "returning"];
    let table = cursor.relation()?;
    let alias = if cursor.is(&["set"]) { None } else { alias(cursor) };
    cursor.expect(&["set"])?;
    let scope = Scope { target: Some((&table, alias.as_ref())), locals, starts_with_tables: false };
    let mut assignments = Vec::new();
    let mut query = Query::default();
    loop {
        let names = if cursor.is_mark(b'(') { cursor.columns()? } else { vec![cursor.id()?] };
        // a field or an element of it
        let is_part = cursor.is_mark(b'.') || cursor.is_mark(b'[');
        if is_part {
            cursor.skip_while(|cursor, token| !cursor.source.is_operator(token, "="));
        }
        if !cursor.eat_operator("=") {
            return cursor.unexpected();
        }
        let value = cursor.expression(&ENDS)?;
        query.extend(Query::read(cursor.source, value, scope));
        let values = values(cursor.source, value, names.len());
        assignments.extend(
            names.into_iter().zip(values).map(|(name, value)| (name, if is_part { Scalar::Other } else { value })),
        );
        if !cursor.eat_mark(b',') {
            break;
        }
    }
    query.extend(Query::read(cursor.source, cursor.skip_while(|_, _| true), scope));
    let mut res = Vec::new();
    query.tables.retain(|other| *other != table);
    if !query.tables.is_empty() {
        res.push(Action::Select { tables: query.tables, compares: Vec::new() });
    }
    res.push(Action::Update { table, assignments, compares: query.compares });
    Ok(res)
}

/// The values of `a = v`, or of `(a, b) = (v, w)`.
fn values(source: Source, value: &[Token], n_names: usize) -> Vec<Scalar> {
    if n_names == 1 {
        return vec![scalar(source, value)];
    }
    let mut cursor = source.at(value);
    cursor.eat(&["row"]);
    let items = cursor.in_group(|group| group.list(|item| item.expression(&[])));
    match items {
        Ok(items) if items.len() == n_names => items.into_iter().map(|item| scalar(source, item)).collect(),
        _ => vec![Scalar::Other; n_names],
    }
}

/// Behind DELETE.
fn delete(cursor: &mut Cursor, locals: &[Arc<str>]) -> Read<Vec<Action>> {
    cursor.expect(&["from"])?;
    let table = cursor.relation()?;
    let alias = alias(cursor);
    let starts_with_tables = cursor.eat(&["using"]);
    if !starts_with_tables && !cursor.is_done() && !cursor.is_one_of(&["where", "returning"]) {
        return cursor.unexpected();
    }
    let scope = Scope { target: Some((&table, alias.as_ref())), locals, starts_with_tables };
    let mut query = Query::read(cursor.source, cursor.skip_while(|_, _| true), scope);
    query.tables.retain(|other| *other != table);
    let mut res = Vec::new();
    if !query.tables.is_empty() {
        res.push(Action::Select { tables: query.tables, compares: Vec::new() });
    }
    res.push(Action::Delete { table, compares: query.compares });
    Ok(res)
}

/// Behind TRUNCATE.
pub fn truncate(cursor: &mut Cursor) -> Read<Found> {
    cursor.eat(&["table"]);
    let tables = tables(cursor)?;
    let _ = cursor.eat(&["restart", "identity"]) || cursor.eat(&["continue", "identity"]);
    cursor.cascade();
    let delete = |table| Action::Delete { table, compares: Vec::new() };
    Ok(tables.into_iter().map(delete).collect::<Vec<_>>().into())
}

/// Behind LOCK.
pub fn lock(cursor: &mut Cursor) -> Read<Found> {
    cursor.eat(&["table"]);
    let tables = tables(cursor)?;
    cursor.skip_while(|_, _| true);
    Ok(Action::Select { tables, compares: Vec::new() }.into())
}

fn tables(cursor: &mut Cursor) -> Read<Vec<Name>> {
    cursor.list(Cursor::relation)
}

/// Behind COPY.
pub fn copy(cursor: &mut Cursor) -> Read<Found> {
    if cursor.is_mark(b'(') {
        let query = cursor.skip_while(|_, _| true);
        return Ok(reads(cursor.source, query).unwrap_or(Action::Nothing).into());
    }
    cursor.eat(&["binary"]);
    let table = cursor.qualified()?;
    let columns = if cursor.is_mark(b'(') { Some(cursor.columns()?) } else { None };
    let is_in = cursor.eat(&["from"]);
    if !is_in {
        cursor.expect(&["to"])?;
    }
    cursor.skip_while(|_, _| true);
    Ok(match is_in {
        true => Action::Insert { table, columns, rows: Inserted::Query, filled: Vec::new(), compares: Vec::new() },
        false => Action::Select { tables: vec![table], compares: Vec::new() },
    }
    .into())
}
