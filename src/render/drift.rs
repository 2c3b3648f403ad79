//! Where models and migrations part: for people a line a difference, for machines JSON, version 1.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{self, VERSION, to_line};
use crate::schema::{Change, Name};
use crate::source::{Source, Span, escape};

/// One environment's differences.
pub struct Differences<'a> {
    pub environment: &'a str,
    /// That were not there before.
    pub new: Vec<Difference<'a>>,
    pub existing: Vec<Difference<'a>>,
    /// Code that nobody can tell, and the table it is about.
    pub unknown: Vec<(Option<&'a Name>, &'a Source, Span)>,
}

pub struct Difference<'a> {
    pub change: &'a Change,
    /// As it is written in a migration.
    pub operation: String,
    pub place: Option<(&'a Source, Span)>,
}

/// One line, without the line feed at its end.
pub fn drift_json(shown: &[Differences]) -> String {
    let items = |of: for<'d> fn(&'d Differences<'d>) -> &'d [Difference<'d>]| -> Vec<ItemJson> {
        shown.iter().flat_map(|one| of(one).iter().map(|item| item_json(one.environment, item))).collect()
    };
    let unknown = shown.iter().flat_map(|one| {
        one.unknown.iter().map(|(table, source, span)| UnknownJson {
            environment: one.environment,
            table: table.map(Name::to_string),
            path: json::path(&source.path),
            line: source.position(span.start).line,
        })
    });
    to_line(&DriftJson {
        version: VERSION,
        new: items(|one| &one.new),
        existing: items(|one| &one.existing),
        unknown: unknown.collect(),
    })
}

/// What is new first, each with the operation that is missing; `base`: since when.
pub fn drift_human(out: &mut dyn Write, shown: &[Differences], base: Option<&str>) -> io::Result<()> {
    let count = |of: fn(&Differences) -> usize| shown.iter().map(of).sum::<usize>();
    if shown.is_empty() {
        return writeln!(out, "no models found: nothing to compare the migrations with");
    }
    for one in shown {
        let several = if shown.len() > 1 { format!("{}: ", escape(one.environment)) } else { String::new() };
        for (what, items) in [("new", &one.new), ("was there", &one.existing)] {
            for item in items {
                writeln!(out, "{several}{what}: {}{}", title(item), place(item))?;
                for line in item.operation.lines() {
                    writeln!(out, "    {}", escape(line))?;
                }
            }
        }
        for (table, source, span) in &one.unknown {
            let of = table.map_or("what this declares".into(), |name| format!("table {}", escape(&name.to_string())));
            let line = source.position(span.start).line;
            writeln!(out, "{several}not known: {of} ({}:{line})", source.path)?;
        }
    }
    let (n_new, n_existing) = (count(|one| one.new.len()), count(|one| one.existing.len()));
    let since = base.map(|base| format!(" since {}", escape(base))).unwrap_or_default();
    match (n_new, n_existing) {
        (0, 0) => writeln!(out, "models and migrations agree{since}"),
        (0, _) => writeln!(out, "{n_existing} that were there before, none is new{since}"),
        (_, 0) => writeln!(out, "{n_new} new{since}"),
        _ => writeln!(out, "{n_new} new{since}, {n_existing} that were there before"),
    }
}

fn title(item: &Difference) -> String {
    let change = item.change;
    let mut res = format!("{} {}", change.kind(), change.table);
    let columns = change.columns().join(", ");
    if !columns.is_empty() {
        res.push_str(&format!(".{columns}"));
    }
    for part in [change.name().unwrap_or_default(), &change.detail()] {
        if !part.is_empty() {
            res.push_str(&format!(" {part}"));
        }
    }
    escape(&res).into_owned()
}

fn place(item: &Difference) -> String {
    let Some((source, span)) = item.place else { return String::new() };
    format!(" ({}:{})", source.path, source.position(span.start).line)
}

fn item_json<'a>(environment: &'a str, item: &'a Difference) -> ItemJson<'a> {
    let change = item.change;
    let columns = change.columns();
    ItemJson {
        environment,
        kind: change.kind(),
        table: change.table.to_string(),
        column: (!columns.is_empty()).then(|| columns.join(",")),
        name: change.name(),
        detail: change.detail(),
        path: item.place.map(|(source, _)| json::path(&source.path)),
        line: item.place.map(|(source, span)| source.position(span.start).line),
    }
}

#[derive(Serialize)]
struct DriftJson<'a> {
    version: u32,
    new: Vec<ItemJson<'a>>,
    existing: Vec<ItemJson<'a>>,
    unknown: Vec<UnknownJson<'a>>,
}

#[derive(Serialize)]
struct ItemJson<'a> {
    environment: &'a str,
    kind: &'static str,
    table: String,
    /// Several are separated by commas.
    column: Option<String>,
    name: Option<&'a str>,
    detail: String,
    path: Option<String>,
    line: Option<usize>,
}

#[derive(Serialize)]
struct UnknownJson<'a> {
    environment: &'a str,
    table: Option<String>,
    path: String,
    line: usize,
}
