//! The `info` that models give to their tables: not part of a schema, so it is looked up where the table is declared.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use regex::Regex;

use super::object::{Object, ObjectKind};
use crate::schema::{Name, Schema};
use crate::source::Source;

/// What an object's `info` has under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Info {
    Absent,
    Bool(bool),
    Text(String),
    Unknown,
}

/// Where the tables of the models are declared.
pub struct Infos<'i> {
    models: &'i Schema,
    sources: &'i [Arc<Source>],
    /// Whether a word stands anywhere else than where a table is declared.
    elsewhere: RefCell<HashMap<String, bool>>,
}

impl<'i> Infos<'i> {
    pub fn new(models: &'i Schema, sources: &'i [Arc<Source>]) -> Self {
        Infos { models, sources, elsewhere: RefCell::default() }
    }

    /// What is reflected has none.
    pub fn get(&self, object: &Object, key: &str) -> Info {
        if object.reflected {
            return Info::Absent;
        }
        let Some(text) = self.block(&object.table) else { return Info::Unknown };
        if !text.contains(key) {
            return if self.elsewhere(key) { Info::Unknown } else { Info::Absent };
        }
        let written = Regex::new(&format!(
            r#"["']info["']\s*:\s*(?:dict\(|\{{)[^{{}}]*?["']?{}["']?\s*[:=]\s*(True|False|["'][^"'\\]*["'])"#,
            regex::escape(key)
        ));
        let Ok(written) = written else { return Info::Unknown };
        match written.captures(text).map(|found| found[1].to_owned()) {
            // the only one that stands there
            Some(_) if text.matches(key).count() > 1 => Info::Unknown,
            Some(_) if object.kind != ObjectKind::Table => Info::Absent,
            Some(value) if value == "True" => Info::Bool(true),
            Some(value) if value == "False" => Info::Bool(false),
            Some(value) => Info::Text(value.trim_matches(['"', '\'']).to_owned()),
            None => Info::Unknown,
        }
    }

    /// Whether an object is certainly made whatever the database is: no `Index("name", …).ddl_if(…)` is written for it.
    pub fn is_unconditional(&self, object: &Object) -> bool {
        const CONDITION: &str = "ddl_if";
        let Some(text) = self.block(&object.table).filter(|_| !self.elsewhere(CONDITION)) else { return false };
        let mut conditions = text.match_indices(CONDITION).map(|(at, _)| conditional(&text[..at]));
        conditions.all(|name| name.is_some_and(|name| object.name.as_deref().is_some_and(|own| own != name)))
    }

    /// The statement that declares a table.
    fn block(&self, table: &Name) -> Option<&'i str> {
        let origin = self.models.tables.get(table)?.origin?;
        let text = &self.sources.get(origin.file)?.text;
        text.get(statement(text, origin.span.start)?)
    }

    fn elsewhere(&self, word: &str) -> bool {
        if let Some(known) = self.elsewhere.borrow().get(word) {
            return *known;
        }
        let all: usize = self.sources.iter().map(|source| source.text.matches(word).count()).sum();
        let near: usize = match all {
            0 => 0,
            _ => self
                .models
                .tables
                .keys()
                .filter_map(|table| self.block(table))
                .map(|text| text.matches(word).count())
                .sum(),
        };
        self.elsewhere.borrow_mut().insert(word.to_owned(), near < all);
        near < all
    }
}

/// The name that the call before a method is given first: of `Index("a", f(x)).`, `a`.
fn conditional(before: &str) -> Option<&str> {
    let call = before.strip_suffix('.')?.trim_end().strip_suffix(')')?;
    let mut depth = 1_usize;
    let at = call.rfind(|c| {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let first = call[at + 1..].trim_start();
    let quote = first.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, rest) = first[1..].split_once(quote)?;
    rest.trim_start().starts_with([',', ')']).then_some(name)
}

/// The statement at the top level that holds a place.
fn statement(text: &str, at: usize) -> Option<Range<usize>> {
    let begins = |line: &str| line.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '#' | ')' | ']' | '}'));
    let before = text.get(..at)?;
    let mut start = before.rfind('\n').map_or(0, |newline| newline + 1);
    while start > 0 && !begins(&text[start..]) {
        start = text[..start - 1].rfind('\n').map_or(0, |newline| newline + 1);
    }
    let mut end = at;
    while let Some(newline) = text[end..].find('\n') {
        end += newline + 1;
        if begins(&text[end..]) {
            return Some(start..end);
        }
    }
    Some(start..text.len())
}
