//! Rows: INSERT, UPDATE, DELETE, as far as they can be seen to fail or change what later operations find.

use std::sync::Arc;

use super::known::Presence;
use super::{Applier, enums};
use crate::schema::{
    Certainty, Column, Default, Error, Inserted, Name, Object, OtherKind, Rows, Scalar, Statement, Table,
};

impl Applier<'_> {
    pub(super) fn insert(&mut self, name: &Name, columns: Option<&[Arc<str>]>, rows: &Inserted, filled: &[Arc<str>]) {
        self.mention(name, Statement::Insert);
        let missing = columns.into_iter().flatten().find(|column| self.column_state(name, column) == Presence::Missing);
        if let Some(column) = missing {
            self.undefined(Object::Column(name.clone(), column.clone()), Statement::Insert);
        }
        let values: &[Vec<Scalar>] = match rows {
            Inserted::Values(values) => values,
            Inserted::Query | Inserted::AllOf(_) | Inserted::Defaults => &[],
        };
        let certain = !values.is_empty() || *rows == Inserted::Defaults;
        let has_rows = |table: &Name| self.schema.exact(table).is_some_and(|table| table.rows == Rows::Some);
        let selects = matches!(rows, Inserted::AllOf(tables) if tables.iter().all(has_rows));
        let known = if certain { self.schema.exact(name) } else { None };
        if let Some(table) = known {
            let (literals, empty) = read(table, columns, values, filled);
            let empty: Vec<Arc<str>> = empty
                .into_iter()
                .filter(|column| self.takes_no_null(column))
                .map(|column| column.name.clone())
                .collect();
            for (column, literal) in literals {
                self.check_literal(name, &column, &literal);
            }
            self.check_values(name, empty);
        } else if let (true, Some(columns), Some(table)) = (selects, columns, self.schema.exact(name)) {
            let left_out = |column: &&Column| {
                column.default == Default::None && !columns.contains(&column.name) && !filled.contains(&column.name)
            };
            let empty = table.columns.iter().filter(left_out).filter(|column| self.takes_no_null(column));
            let empty = empty.map(|column| column.name.clone()).collect();
            self.check_values(name, empty);
        }
        let sure = (certain || selects) && self.certainty == Certainty::Certain;
        let Some(table) = self.schema.table_mut(name) else { return };
        match table.rows {
            _ if sure => table.rows = Rows::Some,
            Rows::None => table.rows = Rows::Possible,
            Rows::Possible | Rows::Some => {}
        }
        if sure {
            self.schema.memory.deleted.remove(name);
            self.schema.memory.inserted.insert(name.clone());
        }
    }

    fn check_values(&mut self, name: &Name, empty: Vec<Arc<str>>) {
        if !empty.is_empty() && !self.has_triggers(name) {
            self.fault(Error::MissingValues { table: name.clone(), columns: empty });
        }
    }

    /// Whether a trigger may give a column its value. Its name begins with that of its table, as far as that was not renamed.
    fn has_triggers(&self, table: &Name) -> bool {
        let mut triggers = self.schema.others.keys().filter(|(kind, _)| *kind == OtherKind::Trigger);
        let prefix = format!("{}.", table.name);
        let is_on = |name: &Name| name.schema == table.schema && name.name.starts_with(&prefix);
        triggers.any(|(_, name)| self.schema.memory.renamed || is_on(name))
    }

    /// Whether NULL in the column fails for sure. A domain may have a default or a check of its own.
    fn takes_no_null(&self, column: &Column) -> bool {
        let known = enums::element(&column.ty).is_none_or(|name| self.schema.enums.contains_key(name));
        known && !column.nullable && column.certainty == Certainty::Certain
    }

    pub(super) fn update(&mut self, name: &Name, assignments: &[(Arc<str>, Scalar)]) {
        self.mention(name, Statement::Insert);
        let missing = assignments.iter().find(|(column, _)| self.column_state(name, column) == Presence::Missing);
        if let Some((column, _)) = missing {
            self.undefined(Object::Column(name.clone(), column.clone()), Statement::Insert);
        }
        for (column, value) in assignments {
            if let Scalar::Text(text) = value {
                self.check_literal(name, column, text);
            }
            self.schema.memory.updated.insert((name.clone(), column.clone()));
        }
    }

    pub(super) fn delete(&mut self, name: &Name) {
        self.mention(name, Statement::Query);
        self.schema.memory.deleted.insert(name.clone());
        if let Some(table) = self.schema.table_mut(name).filter(|table| table.rows == Rows::Some) {
            table.rows = Rows::Possible;
        }
    }
}

/// A literal for a column.
type Literal = (Arc<str>, Arc<str>);

/// What an INSERT says: the literals, each once, and the columns (in the table's order) that some row leaves NULL.
fn read<'a>(
    table: &'a Table,
    columns: Option<&[Arc<str>]>,
    rows: &[Vec<Scalar>],
    filled: &[Arc<str>],
) -> (Vec<Literal>, Vec<&'a Column>) {
    let listed: Vec<Arc<str>> = match columns {
        Some(columns) => columns.to_vec(),
        None => {
            let width = rows.iter().map(Vec::len).min().unwrap_or(0);
            table.columns.iter().take(width).map(|column| column.name.clone()).collect()
        }
    };
    let mut literals: Vec<Literal> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut empty: Vec<&Column> = Vec::new();
    for column in &table.columns {
        let place = listed.iter().position(|name| *name == column.name);
        let no_default = column.default == Default::None && !filled.contains(&column.name);
        let mut null = place.is_none() && no_default;
        for value in rows.iter().filter_map(|row| row.get(place?)) {
            match value {
                Scalar::Null => null = true,
                Scalar::Default => null |= column.default == Default::None,
                Scalar::Text(text) => {
                    if seen.insert((column.name.clone(), text.clone())) {
                        literals.push((column.name.clone(), text.clone()));
                    }
                }
                Scalar::Other => {}
            }
        }
        if null {
            empty.push(column);
        }
    }
    (literals, empty)
}
