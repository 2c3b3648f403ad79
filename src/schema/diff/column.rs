//! Columns: those that are missing or too many, NULL, type, default, comment.

use std::collections::BTreeMap;

use super::{Comparison, Pair, What, differ, types};
use crate::schema::{Certainty, Column, Default, Table, Type};

impl<'a> Comparison<'a> {
    pub(super) fn compare_columns(&mut self, pair: Pair<'a>) {
        // the first of a name counts
        let there: BTreeMap<&str, &Column> = by_name(pair.there);
        for wanted in &pair.wanted.columns {
            match there.get(&*wanted.name) {
                Some(there) => self.compare_column(there, wanted),
                None if pair.complete && !pair.there.doubtful.contains(&wanted.name) => {
                    let enums = self.enums(std::iter::once(&wanted.ty));
                    self.push(What::AddColumn(wanted.clone()), wanted.origin, None, enums);
                }
                None => {}
            }
        }
    }

    /// After what stands on these columns.
    pub(super) fn remove_columns(&mut self, pair: Pair<'a>) {
        let wanted = by_name(pair.wanted);
        let too_many = |column: &&Column| {
            column.certainty == Certainty::Certain
                && !wanted.contains_key(&*column.name)
                && !pair.wanted.opaque
                && !pair.wanted.doubtful.contains(&column.name)
        };
        for there in pair.there.columns.iter().filter(too_many) {
            self.push(What::RemoveColumn(there.name.clone()), pair.wanted.origin, None, Vec::new());
        }
    }

    fn compare_column(&mut self, there: &'a Column, wanted: &'a Column) {
        if there.certainty.min(wanted.certainty) == Certainty::Maybe {
            return;
        }
        let column = &wanted.name;
        let mut found = Vec::new();
        if there.nullable != wanted.nullable {
            found.push(What::ModifyNullable { column: column.clone(), nullable: wanted.nullable });
        }
        let types_differ = || match self.options.postgresql {
            true => types::differ(&there.ty, &wanted.ty, self.database, self.models),
            false => types::differ_elsewhere(&there.ty, &wanted.ty),
        };
        if self.options.types && types_differ() {
            let (from, to) = (there.ty.clone(), wanted.ty.clone());
            found.push(What::ModifyType { column: column.clone(), from, to });
        }
        if self.options.defaults && defaults_differ(there, wanted) {
            found.push(What::ModifyDefault { column: column.clone(), to: wanted.default.clone() });
        }
        if self.options.postgresql && differ(&there.comment, &wanted.comment) {
            found.push(What::ModifyComment { column: Some(column.clone()), to: wanted.comment.clone() });
        }
        for what in found {
            let enums = match what {
                What::ModifyType { .. } => self.enums(std::iter::once(&wanted.ty)),
                _ => Vec::new(),
            };
            self.push(what, wanted.origin, Some(there.ty.clone()), enums);
        }
    }
}

fn by_name(table: &Table) -> BTreeMap<&str, &Column> {
    table.columns.iter().rev().map(|column| (&*column.name, column)).collect()
}

/// Alembic has the database compare them; we, as far as both are literals.
fn defaults_differ(there: &Column, wanted: &Column) -> bool {
    match (&there.default, &wanted.default) {
        (Default::None, Default::Some(Some(_))) | (Default::Some(Some(_)), Default::None) => true,
        (Default::Some(Some(there_text)), Default::Some(Some(text))) if there_text != text => {
            let is_boolean = wanted.ty.built_in_name() == Some("boolean");
            match (literal(there_text, is_boolean), literal(text, is_boolean)) {
                (Some(there), Some(wanted_literal)) => is_plain(&wanted.ty) && there != wanted_literal,
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether values of the type are the same when their texts are.
fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::BuiltIn { name, .. } => [
            "character varying",
            "text",
            "boolean",
            "integer",
            "bigint",
            "smallint",
            "numeric",
            "real",
            "double precision",
        ]
        .contains(name),
        Type::Named { .. } | Type::Array(_) | Type::Unknown => false,
    }
}

/// What a literal says, whatever it is cast to: `'x'::character varying` is `x`, and so is `'x'`.
fn literal(text: &str, is_boolean: bool) -> Option<String> {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        text = inner.trim();
    }
    let plain = match text.strip_prefix('\'') {
        Some(rest) => {
            let end = end_of_string(rest)?;
            let (content, cast) = (&rest[..end], rest[end + 1..].trim());
            if !cast.is_empty() && !cast.starts_with("::") {
                return None;
            }
            content.replace("''", "'")
        }
        None => {
            let word = text.split_once("::").map_or(text, |(word, _)| word).trim();
            let is_word = ["true", "false"].iter().any(|known| word.eq_ignore_ascii_case(known));
            if !is_word && word.parse::<f64>().is_err() {
                return None;
            }
            word.to_ascii_lowercase()
        }
    };
    if is_boolean {
        let lower = plain.to_ascii_lowercase();
        return match lower.as_str() {
            "t" | "true" | "y" | "yes" | "on" | "1" => Some("true".to_owned()),
            "f" | "false" | "n" | "no" | "off" | "0" => Some("false".to_owned()),
            _ => None,
        };
    }
    // 1.0 and 1 are the same number
    match plain.parse::<f64>() {
        Ok(number) if number.is_finite() => Some(number.to_string()),
        _ => Some(plain),
    }
}

/// Where the quote is that ends a string literal.
fn end_of_string(text: &str) -> Option<usize> {
    let mut quotes = text.match_indices('\'').peekable();
    while let Some((at, _)) = quotes.next() {
        match quotes.peek() {
            Some((next, _)) if *next == at + 1 => drop(quotes.next()),
            _ => return Some(at),
        }
    }
    None
}
