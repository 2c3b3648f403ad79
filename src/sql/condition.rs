//! Questions about PostgreSQL's catalogues: whether an object exists.

use std::sync::Arc;

use super::cursor::{Cursor, Read, Source, Stop};
use super::dml::named;
use super::token::{Kind, Token};
use crate::schema::{Guard, Name, Object, OtherKind};

/// A question is short; what is longer is not read, as brackets in brackets are read again and again.
const MOST_TOKENS: usize = 1000;

/// What must hold for the condition to hold, if that can be told: all of the guards.
pub fn guards(source: Source, tokens: &[Token]) -> Option<Vec<Guard>> {
    if tokens.len() > MOST_TOKENS {
        return None;
    }
    let mut cursor = source.at(tokens);
    let mut res = Vec::new();
    loop {
        let part = cursor.skip_while(|cursor, token| !cursor.source.is_one_of(token, &["and", "or"]));
        let (object, holds) = exists(source, part, true)?;
        res.push(Guard::Exists { object, holds });
        if cursor.is_done() {
            return Some(res);
        }
        cursor.eat(&["and"]).then_some(())?;
    }
}

/// What a query asks the existence of; it may be all of it, or all that it selects.
pub fn question(source: Source, tokens: &[Token]) -> Option<Object> {
    if tokens.len() > MOST_TOKENS {
        return None;
    }
    let mut cursor = source.at(tokens);
    if let Some(object) = catalogue(source, tokens) {
        return Some(object);
    }
    cursor.eat(&["select"]).then_some(())?;
    let asked = cursor.skip_while(|cursor, token| !cursor.source.is_word(token, "as"));
    let named = cursor.is_done() || (cursor.eat(&["as"]) && cursor.label().is_ok() && cursor.is_done());
    match exists(source, asked, true)? {
        (object, true) if named => Some(object),
        _ => None,
    }
}

/// `[NOT] EXISTS (…)`, `to_regclass('t') IS [NOT] NULL`, `to_regclass('t')`: the object, and whether it must be there.
fn exists(source: Source, tokens: &[Token], holds: bool) -> Option<(Object, bool)> {
    let mut tokens = tokens;
    let mut holds = holds;
    // each turn takes a token away
    loop {
        let mut cursor = source.at(tokens);
        if cursor.eat(&["not"]) {
            holds = !holds;
            tokens = cursor.rest();
        } else if cursor.is_mark(b'(') && is_one_group(source, tokens) {
            tokens = &tokens[1..tokens.len() - 1];
        } else if cursor.eat(&["exists"]) && is_one_group(source, cursor.rest()) {
            let inner = cursor.group().ok()?.tokens;
            return Some((catalogue(source, inner)?, holds));
        } else {
            let object = looked_up(source, &mut cursor)?;
            let is_missing = cursor.eat(&["is", "null"]);
            if !is_missing && !cursor.eat(&["is", "not", "null"]) && !cursor.is_done() {
                return None;
            }
            return cursor.is_done().then_some((object, holds != is_missing));
        }
    }
}

fn is_one_group(source: Source, tokens: &[Token]) -> bool {
    let mut cursor = source.at(tokens);
    cursor.group().is_ok() && cursor.is_done()
}

/// `to_regclass('t')`, `to_regtype('t')`.
fn looked_up(source: Source, cursor: &mut Cursor) -> Option<Object> {
    cursor.eat(&["select"]);
    let function = cursor.qualified().ok()?;
    let mut arguments = cursor.group().ok()?;
    let name = named(&arguments.string().ok()??)?;
    let ends = arguments.is_done() || (arguments.peek()?.kind == Kind::Cast && arguments.tokens.len() == 3);
    let _ = source;
    match &*function.name {
        _ if !ends => None,
        "to_regclass" => Some(Object::Table(name)),
        "to_regtype" => Some(Object::Type(name)),
        _ => None,
    }
}

/// What a catalogue says of the rows that are looked for.
#[derive(Default)]
struct Wanted {
    /// The catalogue that the rows come from, and others it is joined with.
    relations: Vec<Arc<str>>,
    /// `column = 'value'`.
    values: Vec<(Arc<str>, Arc<str>)>,
}

/// `SELECT … FROM pg_type WHERE typname = 'st'`: what must be there for a row to come.
fn catalogue(source: Source, tokens: &[Token]) -> Option<Object> {
    let mut cursor = source.at(tokens);
    cursor.eat(&["select"]).then_some(())?;
    let selected = cursor.skip_while(|cursor, token| !cursor.source.is_word(token, "from"));
    // an aggregate always has a row
    if selected.iter().any(|token| source.is_one_of(token, &["count", "max", "min", "bool_or", "exists"])) {
        return None;
    }
    cursor.expect(&["from"]).ok()?;
    let mut wanted = Wanted::default();
    relations(&mut cursor, &mut wanted).ok()?;
    if cursor.eat(&["where"]) {
        conditions(&mut cursor, &mut wanted).ok()?;
    }
    if cursor.eat(&["limit"]) {
        cursor.at += 1;
    }
    cursor.is_done().then(|| object(&wanted))?
}

fn relations(cursor: &mut Cursor, wanted: &mut Wanted) -> Read<()> {
    loop {
        let name = cursor.qualified()?;
        if !name.schema.as_deref().is_none_or(|schema| ["pg_catalog", "information_schema"].contains(&schema)) {
            return Err(Stop::Unread);
        }
        // a table of the same name as a view of the information schema is not that view
        let is_information = name.schema.as_deref() == Some("information_schema");
        if name.name.starts_with("pg_") == is_information {
            return Err(Stop::Unread);
        }
        wanted.relations.push(name.name);
        super::query::alias(cursor);
        cursor.eat(&["inner"]);
        if cursor.eat_mark(b',') {
            continue;
        }
        if !cursor.eat(&["join"]) {
            if cursor.eat(&["on"]) {
                conditions(cursor, wanted)?;
                cursor.eat(&["inner"]);
                if cursor.eat(&["join"]) {
                    continue;
                }
            }
            return Ok(());
        }
    }
}

/// `a = 'x' AND b = c …`: values are kept, what only joins is passed by, anything else is not understood.
fn conditions(cursor: &mut Cursor, wanted: &mut Wanted) -> Read<()> {
    const ENDS: [&str; 9] = ["and", "or", "where", "join", "inner", "left", "limit", "group", "order"];
    loop {
        let tokens = cursor.skip_while(|cursor, token| !cursor.source.is_one_of(token, &ENDS));
        condition(cursor.source, tokens, wanted).ok_or(Stop::Unread)?;
        if cursor.is(&["or"]) {
            return Err(Stop::Unread);
        }
        if !cursor.eat(&["and"]) {
            return Ok(());
        }
    }
}

fn condition(source: Source, tokens: &[Token], wanted: &mut Wanted) -> Option<()> {
    let mut cursor = source.at(tokens);
    // NOT attisdropped, pg_table_is_visible(oid)
    if cursor.eat(&["not"]) || cursor.is(&["pg_type_is_visible"]) || cursor.is(&["pg_table_is_visible"]) {
        let is_dropped = tokens.last().is_some_and(|token| source.is_word(token, "attisdropped"));
        return (is_dropped || !source.is_word(&tokens[0], "not")).then_some(());
    }
    let mut is_lowered = cursor.is(&["lower"]) || cursor.is(&["upper"]);
    if is_lowered {
        return None;
    }
    is_lowered = false;
    let mut column = cursor.label().ok()?;
    while cursor.eat_mark(b'.') {
        column = cursor.label().ok()?;
    }
    if &*column == "attnum" || is_lowered {
        return Some(());
    }
    cursor.eat_operator("=").then_some(())?;
    let first = cursor.peek()?;
    if first.kind == Kind::Text {
        let value = source.string(first)?;
        cursor.at += 1;
        // 't'::regclass
        let value = match cursor.peek() {
            None => value,
            Some(cast) if cast.kind == Kind::Cast && cursor.tokens.len() == cursor.at + 2 => {
                match named(&value)
                    .filter(|_| source.is_one_of(&cursor.tokens[cursor.at + 1], &["regclass", "regtype"]))
                {
                    Some(name) => name.to_string().into(),
                    None => value,
                }
            }
            Some(_) => return None,
        };
        wanted.values.push((column, value));
        return Some(());
    }
    if cursor.is_mark(b'(') {
        // = (SELECT oid FROM pg_type WHERE typname = 'st')
        let inner = cursor.group().ok()?;
        return match (cursor.is_done(), &*column, catalogue(source, inner.tokens)?) {
            (true, "enumtypid", Object::Type(name)) => {
                wanted.values.push((column, name.to_string().into()));
                Some(())
            }
            (true, "attrelid" | "conrelid" | "tgrelid", Object::Table(name)) => {
                wanted.values.push((column, name.to_string().into()));
                Some(())
            }
            (true, "typnamespace" | "relnamespace" | "connamespace", Object::Other(OtherKind::Schema, name)) => {
                wanted.values.push(("nspname".into(), name.name));
                Some(())
            }
            _ => None,
        };
    }
    // columns of two catalogues, and functions that say where we are
    let rest = cursor.rest();
    let is_join = rest.iter().all(|token| token.is_name() || token.kind == Kind::Mark(b'.'))
        && rest.last().is_some_and(|token| {
            let name = source.name(token);
            name.ends_with("oid") || name.ends_with("id") || name.ends_with("namespace") || &*name == "current_schema"
        });
    let is_here = source.is_one_of(first, &["current_schema", "current_database"]);
    (is_join || is_here).then_some(())
}

fn object(wanted: &Wanted) -> Option<Object> {
    let mut values = wanted.values.clone();
    let mut take = |columns: &[&str]| {
        let at = values.iter().position(|(column, _)| columns.contains(&&**column))?;
        Some(values.swap_remove(at).1)
    };
    let has = |relation: &str| wanted.relations.iter().any(|name| &**name == relation);
    // what the row's own schema is
    let schema = take(&["table_schema", "schemaname", "nspname", "constraint_schema", "sequence_schema"]);
    let of_schema = |name: &str| Name::new(schema.as_deref(), name);
    let _ = take(&["table_catalog", "typtype"]);
    let object = if has("pg_enum") {
        let ty = take(&["enumtypid"])
            .map(|name| named_or_plain(&name))
            .or_else(|| take(&["typname"]).map(|n| of_schema(&n)));
        Object::EnumValue(ty?, take(&["enumlabel"])?)
    } else if has("pg_type") {
        Object::Type(of_schema(&take(&["typname"])?))
    } else if has("columns") {
        Object::Column(of_schema(&take(&["table_name"])?), take(&["column_name"])?)
    } else if has("pg_attribute") {
        let table =
            take(&["attrelid"]).map(|name| named_or_plain(&name)).or_else(|| take(&["relname"]).map(|n| of_schema(&n)));
        Object::Column(table?, take(&["attname"])?)
    } else if has("pg_constraint") {
        let table =
            take(&["conrelid"]).map(|name| named_or_plain(&name)).or_else(|| take(&["relname"]).map(|n| of_schema(&n)));
        Object::Constraint(table?, take(&["conname"])?)
    } else if has("table_constraints") {
        let _ = take(&["constraint_type"]);
        Object::Constraint(of_schema(&take(&["table_name"])?), take(&["constraint_name"])?)
    } else if has("pg_trigger") || has("triggers") {
        return None;
    } else if has("tables") || has("pg_tables") {
        let _ = take(&["table_type"]);
        Object::Table(of_schema(&take(&["table_name", "tablename"])?))
    } else if has("pg_indexes") {
        let _ = take(&["tablename"]);
        Object::Index(of_schema(&take(&["indexname"])?))
    } else if has("views") || has("pg_views") {
        Object::Other(OtherKind::View, of_schema(&take(&["table_name", "viewname"])?))
    } else if has("pg_matviews") {
        Object::Other(OtherKind::MaterializedView, of_schema(&take(&["matviewname"])?))
    } else if has("sequences") || has("pg_sequences") {
        Object::Other(OtherKind::Sequence, of_schema(&take(&["sequence_name", "sequencename"])?))
    } else if has("pg_extension") {
        Object::Other(OtherKind::Extension, Name::new(None, &take(&["extname"])?))
    } else if has("pg_proc") {
        Object::Other(OtherKind::Function, of_schema(&take(&["proname"])?))
    } else if has("schemata") {
        Object::Other(OtherKind::Schema, Name::from(&*take(&["schema_name"])?))
    } else if has("pg_class") {
        let name = of_schema(&take(&["relname"])?);
        match take(&["relkind"]).as_deref() {
            None | Some("r" | "p") => Object::Table(name),
            Some("i") => Object::Index(name),
            Some("S") => Object::Other(OtherKind::Sequence, name),
            Some("v") => Object::Other(OtherKind::View, name),
            Some("m") => Object::Other(OtherKind::MaterializedView, name),
            Some(_) => return None,
        }
    } else if has("pg_namespace") {
        return Some(Object::Other(OtherKind::Schema, Name::from(&*schema?))).filter(|_| values.is_empty());
    } else {
        return None;
    };
    // another condition: being there is not enough
    values.is_empty().then_some(object)
}

fn named_or_plain(name: &str) -> Name {
    named(name).unwrap_or_else(|| Name::from(name))
}
