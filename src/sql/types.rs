//! Types as SQL spells them. What they are called then is `schema`'s to know.

use super::cursor::{Cursor, Read, Source, Stop};
use super::token::{Kind, tokens};
use super::{Binds, Dialect, HOLE, Options};
use crate::schema::{Keyword, Name, Type};

/// The type that a text such as `varchar(50)`, `timestamptz(3)` or `int4[]` names; `bigserial` names `bigint`.
pub fn parse_type(text: &str) -> Type {
    let options = Options { dialect: Dialect::PostgreSql, binds: Binds::Raw };
    let tokens = tokens(text, options.binds);
    let mut cursor = Source::new(text, &options).at(&tokens);
    match column_type(&mut cursor) {
        Ok(written) if cursor.is_done() => written.ty,
        _ => Type::Unknown,
    }
}

/// A type as it stands in a column's definition.
pub struct Written {
    pub ty: Type,
    pub serial: bool,
}

/// Reads a type. A name with a hole in it is a type that cannot be told.
pub fn column_type(cursor: &mut Cursor) -> Read<Written> {
    cursor.eat(&["setof"]);
    let (mut ty, serial) = match item_type(cursor) {
        Ok(ty) => serial(ty),
        Err(Stop::Hole) => (Type::Unknown, false),
        Err(stop) => return Err(stop),
    };
    let mut is_array = cursor.eat(&["array"]);
    while cursor.eat_mark(b'[') {
        is_array = true;
        cursor.skip_while(|_, _| true);
        cursor.expect_mark(b']')?;
    }
    if is_array {
        ty = if ty == Type::Unknown { ty } else { Type::Array(ty.into()) };
    }
    if cursor.eat_operator("%") {
        cursor.expect(&["type"])?;
        ty = Type::Unknown;
    }
    Ok(Written { ty, serial })
}

fn serial(ty: Type) -> (Type, bool) {
    let plain = |name| (Type::built_in(name, Vec::new()).unwrap_or(Type::Unknown), true);
    match &ty {
        Type::Named { name, .. } if name.schema.is_none() => match &*name.name {
            "serial" | "serial4" => plain("integer"),
            "bigserial" | "serial8" => plain("bigint"),
            "smallserial" | "serial2" => plain("smallint"),
            _ => (ty, false),
        },
        _ => (ty, false),
    }
}

fn item_type(cursor: &mut Cursor) -> Read<Type> {
    let Some(first) = cursor.peek().filter(|token| token.is_name()) else { return cursor.unexpected() };
    let is_quoted = first.kind == Kind::Quoted;
    if !is_quoted && let Some(words) = spelled_out(cursor) {
        return words;
    }
    if matches!(cursor.source.keyword(first), Some(Keyword::Reserved | Keyword::Column)) {
        return cursor.unexpected();
    }
    cursor.at += 1;
    let mut names = vec![cursor.source.name(first)];
    while cursor.eat_mark(b'.') {
        names.push(cursor.label()?);
    }
    let modifiers = modifiers(cursor)?;
    if names.iter().any(|name| name.contains(HOLE)) {
        return Err(Stop::Hole);
    }
    let Some(name) = names.pop() else { return cursor.unexpected() };
    let schema = names.pop();
    let numbers: Option<Vec<i32>> = modifiers.iter().map(|text| text.parse().ok()).collect();
    // with its schema, or in quotes, a type goes by the name it has in the catalogue
    let built_in = match (schema.as_deref(), numbers) {
        (None | Some("pg_catalog"), None) if Type::built_in(&name, Vec::new()).is_some() => return Ok(Type::Unknown),
        (_, None) => None,
        (None | Some("pg_catalog"), Some(numbers)) => match &*name {
            "char" => Type::built_in("\"char\"", numbers),
            "float" | "dec" | "decimal" | "int" | "integer" | "character" | "boolean" | "real" | "smallint"
            | "bigint"
                if is_quoted =>
            {
                None
            }
            name => Type::built_in(name, numbers),
        },
        (Some(_), _) => None,
    };
    let modifiers = Some(modifiers.join(",")).filter(|modifiers| !modifiers.is_empty());
    Ok(built_in.unwrap_or_else(|| Type::Named { name: Name::new(schema.as_deref(), &name), modifiers }))
}

/// Types with a grammar of their own: `character varying`, `double precision`, `timestamp (3) with time zone`,
/// `interval day to second`.
fn spelled_out(cursor: &mut Cursor) -> Option<Read<Type>> {
    let mut words = match () {
        _ if cursor.eat(&["double", "precision"]) => "double precision".to_owned(),
        _ if cursor.eat(&["national"]) => "national".to_owned(),
        _ => {
            const ALONE: [&str; 16] = [
                "bit",
                "char",
                "character",
                "nchar",
                "varchar",
                "interval",
                "time",
                "timestamp",
                "int",
                "integer",
                "smallint",
                "bigint",
                "real",
                "boolean",
                "float",
                "numeric",
            ];
            const MORE: [&str; 2] = ["dec", "decimal"];
            let word = ALONE.into_iter().chain(MORE).find(|word| cursor.is(&[word]))?;
            cursor.at += 1;
            word.to_owned()
        }
    };
    if words == "national" {
        match ["character", "char"].into_iter().find(|word| cursor.eat(&[word])) {
            Some(word) => words = format!("national {word}"),
            None => return Some(cursor.unexpected()),
        }
    }
    if (words.ends_with("char") || words.ends_with("character") || words == "bit") && cursor.eat(&["varying"]) {
        words += " varying";
    }
    if words == "interval" {
        interval_fields(cursor, &mut words);
    }
    let modifiers = match modifiers(cursor) {
        Ok(modifiers) => modifiers,
        Err(stop) => return Some(Err(stop)),
    };
    if words == "time" || words == "timestamp" {
        for zone in ["with", "without"] {
            if cursor.eat(&[zone, "time", "zone"]) {
                words += &format!(" {zone} time zone");
            }
        }
    }
    let modifiers: Option<Vec<i32>> = modifiers.iter().map(|text| text.parse().ok()).collect();
    Some(match modifiers {
        Some(modifiers) => Type::built_in(&words, modifiers).ok_or(Stop::Unread),
        None => Ok(Type::Unknown),
    })
}

fn interval_fields(cursor: &mut Cursor, words: &mut String) {
    const FIELDS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];
    let Some(start) = FIELDS.into_iter().find(|field| cursor.eat(&[field])) else { return };
    *words += &format!(" {start}");
    if let Some(end) = FIELDS.into_iter().find(|field| cursor.eat(&["to", field])) {
        *words += &format!(" to {end}");
    }
}

/// `(10, 2)`, each as written.
fn modifiers(cursor: &mut Cursor) -> Read<Vec<String>> {
    if !cursor.is_mark(b'(') {
        return Ok(Vec::new());
    }
    cursor.in_group(|group| {
        group.list(|item| Ok(item.expression(&[])?.iter().map(|token| token.text(item.source.text)).collect()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_named_as_postgresql_names_them() {
        // what `format_type` says of a column declared so, on PostgreSQL 15
        let cases = [
            ("varchar(50)", "character varying(50)"),
            ("VARCHAR", "character varying"),
            ("char", "character(1)"),
            ("character", "character(1)"),
            ("bpchar", "bpchar"),
            ("bpchar(4)", "character(4)"),
            ("nchar(2)", "character(2)"),
            ("numeric(10)", "numeric(10,0)"),
            ("decimal(5, 1)", "numeric(5,1)"),
            ("numeric(3,-2)", "numeric(3,-2)"),
            ("timestamp(3)", "timestamp(3) without time zone"),
            ("timestamptz(3)", "timestamp(3) with time zone"),
            ("timestamp(3) with time zone", "timestamp(3) with time zone"),
            ("TIMESTAMP WITH TIME ZONE", "timestamp with time zone"),
            ("time(2)", "time(2) without time zone"),
            ("time (1) with time zone", "time(1) with time zone"),
            ("bit", "bit(1)"),
            ("bit varying(5)", "bit varying(5)"),
            ("\"char\"", "\"char\""),
            ("pg_catalog.\"char\"", "\"char\""),
            ("int[]", "integer[]"),
            ("int4[3][2]", "integer[]"),
            ("integer array[4]", "integer[]"),
            ("interval(3)", "interval(3)"),
            ("interval day to second(3)", "interval day to second(3)"),
            ("interval year", "interval year"),
            ("double precision", "double precision"),
            ("float(24)", "real"),
            ("float", "double precision"),
            ("national character varying(3)", "character varying(3)"),
            ("char varying(4)", "character varying(4)"),
            ("pg_catalog.varchar(3)", "character varying(3)"),
            ("varchar(5)[]", "character varying(5)[]"),
            ("bigserial", "bigint"),
            ("serial4", "integer"),
            ("national char", "character(1)"),
            ("\"varchar\"(4)", "character varying(4)"),
            ("\"timestamp\"(2)", "timestamp(2) without time zone"),
            ("pg_catalog.timestamptz(3)", "timestamp(3) with time zone"),
            ("st", "st"),
            ("public.st", "st"),
            ("app.\"St\"[]", "app.\"St\"[]"),
            ("vector(3)", "vector(3)"),
            ("geometry(POINT,4326)", "geometry(POINT,4326)"),
            ("t.a%TYPE", "unknown"),
            ("varchar(\u{fffc})", "unknown"),
            ("\u{fffc}", "unknown"),
            ("", "unknown"),
            ("int int", "unknown"),
            ("\"integer\"", "\"integer\""),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_type(text).to_string(), expected, "{text}");
        }
    }
}
