//! CREATE and DROP of everything, tables' own definitions aside.

use std::sync::Arc;

use super::cursor::{Cursor, Read, Stop};
use super::query::{Query, Scope};
use super::token::Kind;
use super::{Dialect, Found, alter, dml, table};
use crate::schema::{
    Action, Comment, EnumDef, IndexDef, Keyword, Name, Object, Order, OtherKind, TableDef, Touches, TypeCreation,
};

/// Behind `CREATE`.
pub fn create(cursor: &mut Cursor) -> Read<Found> {
    let or_replace = cursor.eat(&["or", "replace"]);
    let _ = cursor.eat_one_of(&["global", "local"]);
    let temporary = cursor.eat_one_of(&["temporary", "temp"]);
    if !temporary {
        cursor.eat(&["unlogged"]);
    }
    cursor.eat(&["recursive"]);
    if cursor.eat(&["view"]) {
        let name = cursor.qualified()?;
        return view(cursor, name, OtherKind::View, or_replace, false);
    }
    if cursor.eat_one_of(&["function", "procedure", "aggregate"]) {
        let name = cursor.function()?;
        cursor.skip_while(|_, _| true);
        return Ok(other(OtherKind::Function, name, false, or_replace));
    }
    if cursor.is(&["constraint", "trigger"]) {
        cursor.at += 1;
    }
    if cursor.eat(&["trigger"]) {
        let trigger = cursor.id()?;
        cursor.skip_while(|cursor, token| !cursor.source.is_word(token, "on"));
        if !cursor.eat(&["on"]) {
            return Err(Stop::Unread);
        }
        let name = cursor.qualified()?;
        cursor.skip_while(|_, _| true);
        return Ok(other(OtherKind::Trigger, trigger_name(&name, &trigger), false, or_replace));
    }
    if or_replace && cursor.is_one_of(&["rule", "language", "transform", "trusted", "procedural"]) {
        cursor.skip_while(|_, _| true);
        return Ok(Action::Nothing.into());
    }
    if or_replace {
        return cursor.unexpected();
    }
    if cursor.eat(&["table"]) {
        return table::create(cursor, temporary).map(Found::from);
    }
    if cursor.eat(&["sequence"]) {
        let if_not_exists = cursor.if_not_exists();
        let name = cursor.qualified()?;
        cursor.skip_while(|_, _| true);
        return Ok(other(OtherKind::Sequence, name, if_not_exists, false));
    }
    if cursor.eat(&["unique", "index"]) {
        return index(cursor, true).map(Found::from);
    }
    if cursor.eat(&["index"]) {
        return index(cursor, false).map(Found::from);
    }
    if cursor.eat(&["type"]) {
        return ty(cursor).map(Found::from);
    }
    if cursor.eat(&["domain"]) {
        let name = cursor.qualified()?;
        cursor.skip_while(|_, _| true);
        return Ok(other(OtherKind::Type, name, false, false));
    }
    if cursor.eat(&["schema"]) {
        return schema(cursor);
    }
    if cursor.eat(&["materialized", "view"]) {
        let if_not_exists = cursor.if_not_exists();
        let name = cursor.qualified()?;
        return view(cursor, name, OtherKind::MaterializedView, false, if_not_exists);
    }
    if cursor.eat(&["extension"]) {
        let if_not_exists = cursor.if_not_exists();
        let name = Name::new(None, &cursor.id()?);
        cursor.eat(&["with"]);
        while cursor.eat_one_of(&["schema", "version", "from"]) {
            cursor.at += 1;
        }
        cursor.eat(&["cascade"]);
        return Ok(other(OtherKind::Extension, name, if_not_exists, false));
    }
    if cursor.eat(&["foreign", "table"]) {
        let if_not_exists = cursor.if_not_exists();
        let name = cursor.qualified()?;
        cursor.skip_while(|_, _| true);
        let (columns, constraints, indexes) = (Vec::new(), Vec::new(), Vec::new());
        let opaque = true;
        let table =
            TableDef { name, columns, constraints, indexes, if_not_exists, opaque, temporary, comment: Comment::None };
        return Ok(Action::CreateTable(table).into());
    }
    const WITHOUT_CONSEQUENCE: [&str; 21] = [
        "access",
        "cast",
        "collation",
        "conversion",
        "default",
        "database",
        "event",
        "foreign",
        "group",
        "language",
        "operator",
        "policy",
        "publication",
        "role",
        "rule",
        "server",
        "statistics",
        "subscription",
        "tablespace",
        "text",
        "user",
    ];
    if cursor.eat_one_of(&WITHOUT_CONSEQUENCE) || cursor.eat_one_of(&["transform", "trusted", "procedural"]) {
        cursor.skip_while(|_, _| true);
        return Ok(Action::Nothing.into());
    }
    cursor.unexpected()
}

fn other(kind: OtherKind, name: Name, if_not_exists: bool, or_replace: bool) -> Found {
    // functions of one name differ in their arguments: none replaces another, and none is there twice
    let or_replace = or_replace || kind == OtherKind::Function;
    Action::CreateOther { kind, name, if_not_exists, or_replace }.into()
}

/// A trigger's name counts only for its table.
fn trigger_name(table: &Name, trigger: &str) -> Name {
    table.sibling(&format!("{}.{trigger}", table.name))
}

fn view(cursor: &mut Cursor, name: Name, kind: OtherKind, or_replace: bool, if_not_exists: bool) -> Read<Found> {
    if cursor.is_mark(b'(') {
        cursor.columns()?;
    }
    loop {
        if cursor.eat(&["with"]) {
            cursor.group()?;
        } else if cursor.eat(&["using"]) || cursor.eat(&["tablespace"]) {
            cursor.id()?;
        } else {
            break;
        }
    }
    cursor.expect(&["as"])?;
    let query = cursor.skip_while(|_, _| true);
    let mut res = Found::from(Vec::from_iter(dml::reads(cursor.source, query)));
    res.actions.push(Action::CreateOther { kind, name, if_not_exists, or_replace });
    Ok(res)
}

fn schema(cursor: &mut Cursor) -> Read<Found> {
    let if_not_exists = cursor.if_not_exists();
    let name = match cursor.eat(&["authorization"]) {
        true => cursor.id()?,
        false => {
            let name = cursor.id()?;
            if cursor.eat(&["authorization"]) {
                cursor.label()?;
            }
            name
        }
    };
    match cursor.is_one_of(&["create", "grant"]) {
        true => Err(Stop::Unread),
        false => Ok(other(OtherKind::Schema, Name::from(&*name), if_not_exists, false)),
    }
}

fn ty(cursor: &mut Cursor) -> Read<Action> {
    let name = cursor.qualified()?;
    if cursor.is_done() || cursor.is_mark(b'(') {
        cursor.skip_while(|_, _| true);
        return Ok(Action::CreateOther { kind: OtherKind::Type, name, if_not_exists: false, or_replace: false });
    }
    cursor.expect(&["as"])?;
    if !cursor.eat(&["enum"]) {
        cursor.eat(&["range"]);
        cursor.group()?;
        return Ok(Action::CreateOther { kind: OtherKind::Type, name, if_not_exists: false, or_replace: false });
    }
    let is_known = cursor.clone().group().is_ok_and(|group| {
        !cursor.source.has_hole(group.tokens) && group.tokens.iter().all(|token| token.kind != Kind::Param)
    });
    let values = cursor.in_group(|group| match is_known {
        _ if group.is_done() => Ok(Some(Vec::new())),
        true => group.list(Cursor::string).map(|values| values.into_iter().collect()),
        false => {
            group.skip_while(|_, _| true);
            Ok(None)
        }
    })?;
    let definition = EnumDef { name, values, creation: TypeCreation::Never };
    Ok(Action::CreateEnum { definition, if_missing: false })
}

/// Behind `CREATE [UNIQUE] INDEX`.
fn index(cursor: &mut Cursor, unique: bool) -> Read<Action> {
    let concurrently = cursor.eat(&["concurrently"]);
    let if_not_exists = cursor.if_not_exists();
    let name = match cursor.is(&["on"]) && !if_not_exists {
        true => Ok(None),
        false => match cursor.id() {
            Err(Stop::Unexpected(at)) => return Err(Stop::Unexpected(at)),
            name => name.map(Some),
        },
    };
    cursor.expect(&["on"])?;
    let table = cursor.relation()?;
    if cursor.eat(&["using"]) {
        cursor.id()?;
    }
    let items = cursor.clone().group().map_or(&[][..], |group| group.tokens);
    let mut compares = Query::read(cursor.source, items, Scope::of(&table)).compares;
    let (columns, orders) = match cursor.in_group(|items| items.list(index_item)) {
        Ok(items) => items.into_iter().unzip(),
        Err(Stop::Unexpected(at)) => return Err(Stop::Unexpected(at)),
        Err(_) => {
            cursor.skip_while(|_, _| true);
            return Ok(alter::touching(cursor, Object::Table(table)));
        }
    };
    loop {
        if cursor.eat(&["include"]) || cursor.eat(&["with"]) {
            cursor.group()?;
        } else if cursor.eat(&["tablespace"]) {
            cursor.label()?;
        } else if !cursor.eat(&["nulls", "distinct"]) && !cursor.eat(&["nulls", "not", "distinct"]) {
            break;
        }
    }
    if cursor.eat(&["where"]) {
        let predicate = cursor.expression(&[])?;
        compares.extend(Query::read(cursor.source, predicate, Scope::of(&table)).compares);
    }
    let Ok(name) = name else { return Ok(alter::touching(cursor, Object::Table(table))) };
    let index = IndexDef { name, columns, orders, unique, if_not_exists, concurrently, compares };
    Ok(Action::CreateIndex { table, index })
}

/// A column, or `None` for an expression; and its order.
fn index_item(cursor: &mut Cursor) -> Read<(Option<Arc<str>>, Order)> {
    let Some(first) = cursor.peek() else { return cursor.unexpected() };
    let is_call = cursor.peek_at(1).is_some_and(|next| matches!(next.kind, Kind::Mark(b'(' | b'.')));
    let column = match first.kind {
        Kind::Mark(b'(') => {
            cursor.group()?;
            None
        }
        Kind::Word | Kind::Quoted if !is_call => Some(cursor.id()?),
        Kind::Word | Kind::Quoted => None,
        _ => return cursor.unexpected(),
    };
    let rest = cursor.skip_while(|_, token| token.kind != Kind::Mark(b','));
    // of an expression, the rest may be more of it
    let is_column = column.is_some();
    let words = rest.iter().filter(|token| is_column && token.kind == Kind::Word);
    Ok((column, Order::of(words.map(|token| token.text(cursor.source.text)))))
}

/// Behind `DROP`.
pub fn drop(cursor: &mut Cursor) -> Read<Found> {
    let concurrently = cursor.is(&["index", "concurrently"]);
    const KINDS: [(&[&str], Dropped); 16] = [
        (&["table"], Dropped::Table),
        (&["foreign", "table"], Dropped::Table),
        (&["index", "concurrently"], Dropped::Index),
        (&["index"], Dropped::Index),
        (&["type"], Dropped::Type),
        (&["domain"], Dropped::Type),
        (&["sequence"], Dropped::Other(OtherKind::Sequence)),
        (&["view"], Dropped::Other(OtherKind::View)),
        (&["materialized", "view"], Dropped::Other(OtherKind::MaterializedView)),
        (&["schema"], Dropped::Other(OtherKind::Schema)),
        (&["extension"], Dropped::Other(OtherKind::Extension)),
        (&["function"], Dropped::Other(OtherKind::Function)),
        (&["procedure"], Dropped::Other(OtherKind::Function)),
        (&["aggregate"], Dropped::Other(OtherKind::Function)),
        (&["routine"], Dropped::Other(OtherKind::Function)),
        (&["trigger"], Dropped::Other(OtherKind::Trigger)),
    ];
    let Some((_, kind)) = KINDS.into_iter().find(|(words, _)| cursor.eat(words)) else { return drop_else(cursor) };
    let if_exists = cursor.if_exists()?;
    let mut names = Vec::new();
    loop {
        let is_column_word = |token| cursor.source.keyword(token) == Some(Keyword::Column);
        if matches!(kind, Dropped::Type) && cursor.peek().is_some_and(is_column_word) {
            return cursor.unexpected();
        }
        let read = match kind {
            Dropped::Other(OtherKind::Function) => cursor.function(),
            _ => cursor.qualified(),
        };
        let name = match read {
            Ok(name) => Some(name),
            Err(Stop::Hole) => None,
            Err(stop) => return Err(stop),
        };
        if matches!(kind, Dropped::Other(OtherKind::Function)) && cursor.is_mark(b'(') {
            cursor.group()?;
        }
        names.push(name);
        if !cursor.eat_mark(b',') {
            break;
        }
    }
    let has_table =
        matches!(kind, Dropped::Other(OtherKind::Trigger)) || cursor.source.options.dialect == Dialect::Other;
    let table = if has_table && cursor.eat(&["on"]) { Some(cursor.qualified()?) } else { None };
    let cascade = cursor.cascade();
    let actions = names.into_iter().map(|name| {
        let Some(name) = name else {
            let text = super::excerpt(cursor.source, cursor.tokens);
            return Action::Unknown { text, touches: Touches::Anything };
        };
        let table = table.clone();
        match kind {
            Dropped::Table => Action::DropTable { name, if_exists, cascade },
            Dropped::Index => Action::DropIndex { name, table, if_exists, cascade, concurrently },
            Dropped::Type => Action::DropType { name, if_exists, cascade },
            Dropped::Other(kind) => {
                let name = match (kind, table) {
                    (OtherKind::Trigger, Some(table)) => trigger_name(&table, &name.name),
                    _ => name,
                };
                // another of the same name may have gone before, or stay
                let if_exists = if_exists || kind == OtherKind::Function;
                Action::DropOther { kind, name, if_exists, cascade }
            }
        }
    });
    Ok(Found::from(actions.collect::<Vec<_>>()))
}

#[derive(Clone, Copy)]
enum Dropped {
    Table,
    Index,
    Type,
    Other(OtherKind),
}

fn drop_else(cursor: &mut Cursor) -> Read<Found> {
    const WITHOUT_CONSEQUENCE: [&str; 18] = [
        "access",
        "cast",
        "collation",
        "conversion",
        "event",
        "foreign",
        "group",
        "language",
        "operator",
        "policy",
        "publication",
        "role",
        "rule",
        "server",
        "statistics",
        "subscription",
        "text",
        "user",
    ];
    if cursor.is(&["owned"]) || cursor.is(&["database"]) {
        return Err(Stop::Unread);
    }
    if !cursor.eat_one_of(&WITHOUT_CONSEQUENCE) && !cursor.eat_one_of(&["transform", "tablespace", "procedural"]) {
        return cursor.unexpected();
    }
    cursor.skip_while(|_, _| true);
    Ok(Action::Nothing.into())
}
