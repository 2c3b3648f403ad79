//! One statement: what kind it is, and what it may touch when it cannot be read.

use super::cursor::{Cursor, Read, Source, Stop};
use super::token::{Kind, Token};
use super::{Dialect, Found, alter, create, dml};
use crate::schema::{Action, Comment, Name, Object, OtherKind, Touches};

/// Reads one statement; what is not read stands behind the cursor.
pub fn statement(cursor: &mut Cursor) -> Read<Found> {
    const ROWS: [&str; 7] = ["select", "with", "insert", "update", "delete", "values", "table"];
    const WITHOUT_CONSEQUENCE: [&str; 31] = [
        "grant",
        "revoke",
        "analyze",
        "analyse",
        "vacuum",
        "cluster",
        "reindex",
        "refresh",
        "notify",
        "listen",
        "unlisten",
        "show",
        "explain",
        "begin",
        "start",
        "savepoint",
        "release",
        "checkpoint",
        "discard",
        "load",
        "security",
        "prepare",
        "deallocate",
        "declare",
        "fetch",
        "move",
        "close",
        "reset",
        "pragma",
        "use",
        "reassign",
    ];
    let Some(first) = cursor.peek() else { return Ok(Found::default()) };
    if first.kind == Kind::Mark(b'(') || cursor.is_one_of(&ROWS) {
        return dml::dml(cursor);
    }
    if cursor.eat(&["create"]) {
        return create::create(cursor);
    }
    if cursor.eat(&["alter"]) {
        return alter::alter(cursor);
    }
    if cursor.eat(&["drop"]) {
        return create::drop(cursor);
    }
    if cursor.eat(&["truncate"]) {
        return dml::truncate(cursor);
    }
    if cursor.eat(&["lock"]) {
        return dml::lock(cursor);
    }
    if cursor.eat(&["copy"]) {
        return dml::copy(cursor);
    }
    if cursor.eat(&["set"]) {
        return set(cursor);
    }
    if cursor.eat(&["comment"]) {
        let found = comment(cursor);
        cursor.skip_while(|_, _| true);
        return Ok(found.unwrap_or(Action::Nothing).into());
    }
    if cursor.eat_one_of(&["commit", "end"]) {
        cursor.skip_while(|_, _| true);
        return Ok(Action::Commit.into());
    }
    if cursor.eat_one_of(&WITHOUT_CONSEQUENCE) {
        cursor.skip_while(|_, _| true);
        return Ok(Action::Nothing.into());
    }
    if cursor.is_one_of(&["rollback", "abort", "execute", "call", "import", "merge", "do"]) {
        return Err(Stop::Unread);
    }
    cursor.unexpected()
}

/// Behind COMMENT, where it is on a table or a column. An empty text takes the comment away.
fn comment(cursor: &mut Cursor) -> Option<Action> {
    let is_column = cursor.eat(&["on", "column"]);
    if !is_column && !cursor.eat(&["on", "table"]) {
        return None;
    }
    let mut parts = vec![cursor.id().ok()?];
    while cursor.eat_mark(b'.') {
        parts.push(cursor.label().ok()?);
    }
    let column = if is_column { Some(parts.pop()?) } else { None };
    let name = parts.pop()?;
    let table = Name::new(parts.last().map(|schema| &**schema), &name);
    cursor.eat(&["is"]);
    let comment = match cursor.eat(&["null"]) {
        true => Comment::None,
        false => match cursor.string().ok().flatten() {
            Some(text) if text.is_empty() => Comment::None,
            Some(text) => Comment::Text(text),
            None => Comment::Unknown,
        },
    };
    Some(Action::Comment { table, column, comment })
}

/// Behind SET: only where names without a schema go matters.
fn set(cursor: &mut Cursor) -> Read<Found> {
    let _ = cursor.eat_one_of(&["session", "local"]);
    let changes_path = cursor.eat(&["search_path"]);
    let value = cursor.skip_while(|_, _| true);
    let is_usual = value.iter().skip(1).all(|token| {
        matches!(token.kind, Kind::Mark(b','))
            || cursor.source.is_word(token, "default")
            || ["public", "pg_catalog", "\"$user\"", "''", "'public'"].contains(&token.text(cursor.source.text))
    });
    if changes_path && !is_usual { Err(Stop::Unread) } else { Ok(Action::Nothing.into()) }
}

/// What a statement that was not read seems to touch.
pub fn touches(source: Source, tokens: &[Token]) -> Touches {
    let mut cursor = source.at(tokens);
    const ON_ROWS: [&str; 10] =
        ["insert", "update", "delete", "select", "with", "values", "replace", "merge", "copy", "lock"];
    if cursor.is_one_of(&ON_ROWS) {
        return Touches::Objects(Vec::new());
    }
    if !cursor.eat_one_of(&["create", "alter", "drop", "rename", "truncate"]) {
        return Touches::Anything;
    }
    const MODIFIERS: [&str; 14] = [
        "or",
        "replace",
        "global",
        "local",
        "temporary",
        "temp",
        "unlogged",
        "unique",
        "foreign",
        "materialized",
        "constraint",
        "recursive",
        "concurrently",
        "fulltext",
    ];
    while cursor.eat_one_of(&MODIFIERS) {}
    let Some(kind) = cursor.peek().map(|token| token.text(source.text).to_ascii_lowercase()) else {
        return Touches::Anything;
    };
    cursor.at += 1;
    cursor.eat(&["concurrently"]);
    let _ = cursor.eat(&["if", "not", "exists"]) || cursor.eat(&["if", "exists"]) || cursor.eat(&["only"]);
    cursor.eat(&["only"]);
    let Ok(name) = name(&mut cursor) else { return Touches::Anything };
    let mut res = vec![match &*kind {
        "table" => Object::Table(name),
        "index" => Object::Index(name),
        "type" | "domain" => Object::Type(name),
        "sequence" => Object::Other(OtherKind::Sequence, name),
        "view" => Object::Other(OtherKind::View, name),
        "schema" => Object::Other(OtherKind::Schema, name),
        "extension" => Object::Other(OtherKind::Extension, name),
        _ => return Touches::Anything,
    }];
    // the table that an index is on has changed as well
    if kind == "index" {
        cursor.skip_while(|cursor, token| !cursor.source.is_word(token, "on"));
        if cursor.eat(&["on"]) {
            cursor.eat(&["only"]);
            res.extend(name_of_table(&mut cursor));
        }
    }
    if kind == "table" && source.is_one_of(&tokens[0], &["drop", "rename", "truncate"]) {
        while cursor.eat_mark(b',') || cursor.eat(&["to"]) {
            res.extend(name_of_table(&mut cursor));
        }
    }
    Touches::Objects(res)
}

fn name_of_table(cursor: &mut Cursor) -> Option<Object> {
    name(cursor).ok().map(Object::Table)
}

/// A name, in backticks too where those are quotes.
fn name(cursor: &mut Cursor) -> Read<Name> {
    let is_tick = |cursor: &Cursor| cursor.peek().is_some_and(|token| cursor.source.is_operator(token, "`"));
    match cursor.source.options.dialect == Dialect::Other && is_tick(cursor) {
        true => {
            cursor.at += 1;
            let name = cursor.label()?;
            cursor.at += usize::from(is_tick(cursor));
            Ok(Name::new(None, &name))
        }
        false => cursor.qualified(),
    }
}
