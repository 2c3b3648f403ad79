//! What is inserted: `op.bulk_insert`, `insert().values(…)`.

use std::sync::Arc;

use super::arguments::Bound;
use super::construct::scalar;
use super::directive::anything;
use super::host::Lowering;
use crate::python::interpret::{Arguments, Dict, Interpreter, Value};
use crate::schema::{Action, Inserted, Scalar};
use crate::sqlalchemy::{Table, column_name};

impl<'a> Lowering<'a> {
    /// The columns are those of the first row (SQLAlchemy's `executemany`); defaults of a real `Table` are filled in.
    pub(super) fn bulk_insert(&mut self, interpreter: &mut Interpreter<'a>, bound: &Bound<'_, 'a>) -> Action {
        let naming = self.naming();
        let table = bound.get(0).and_then(|table| self.reader(interpreter, &naming).table(&table));
        let Some(table) = table else {
            // rows go to a table that is not known: the schema stays as it is
            return match bound.get(0) {
                Some(_) => Action::Nothing,
                None => anything("op.bulk_insert"),
            };
        };
        self.insert(interpreter, &table, &[], bound.get(1).as_ref())
    }

    /// `values` are the arguments of each `values(…)`; `given` is what the statement is executed with.
    pub(super) fn insert(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        table: &Table,
        values: &[&Arguments<'a>],
        given: Option<&Value<'a>>,
    ) -> Action {
        let name = table.definition.name.clone();
        let unknown = Action::Insert {
            table: name.clone(),
            columns: None,
            rows: Inserted::Query,
            filled: table.filled.clone(),
            compares: Vec::new(),
        };
        let mut rows: Vec<Vec<(Arc<str>, Scalar)>> = Vec::new();
        for arguments in values {
            if arguments.more {
                return unknown;
            }
            let keywords = arguments.keywords.iter().filter(|(name, ..)| !matches!(&**name, "inline" | "values"));
            let named: Vec<_> =
                keywords.map(|(name, value, _)| (self.column_key(table, name), scalar(value))).collect();
            if !named.is_empty() {
                rows.push(named);
            }
            for (value, _) in &arguments.positional {
                match self.rows(interpreter, table, value) {
                    Some(more) => rows.extend(more),
                    None => return unknown,
                }
            }
        }
        match given {
            None | Some(Value::None) => {}
            Some(given) => match self.rows(interpreter, table, given) {
                Some(more) => rows.extend(more),
                None => return unknown,
            },
        }
        let Some(first) = rows.first() else {
            return match given {
                // an empty list inserts nothing
                Some(_) => Action::Nothing,
                None if values.iter().all(|arguments| arguments.positional.is_empty()) && !values.is_empty() => {
                    Action::Insert {
                        table: name,
                        columns: Some(Vec::new()),
                        rows: Inserted::Defaults,
                        filled: table.filled.clone(),
                        compares: Vec::new(),
                    }
                }
                None => unknown,
            };
        };
        let columns: Vec<Arc<str>> = first.iter().map(|(column, _)| column.clone()).collect();
        let rows = rows.iter().map(|row| {
            let value = |column: &Arc<str>| row.iter().find(|(name, _)| name == column).map(|(_, value)| value.clone());
            columns.iter().map(|column| value(column).unwrap_or(Scalar::Other)).collect()
        });
        Action::Insert {
            table: name,
            rows: Inserted::Values(rows.collect()),
            columns: Some(columns),
            filled: table.filled.clone(),
            compares: Vec::new(),
        }
    }

    /// Rows of known columns: a dictionary, or a list of them.
    fn rows(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        table: &Table,
        value: &Value<'a>,
    ) -> Option<Vec<Vec<(Arc<str>, Scalar)>>> {
        if let Value::Dict(dict) = value {
            return Some(vec![self.row(table, dict)?]);
        }
        let items = interpreter.iterate(self, value)?;
        items
            .iter()
            .map(|item| match item {
                Value::Dict(dict) => self.row(table, dict),
                _ => None,
            })
            .collect()
    }

    fn row(&self, table: &Table, dict: &Dict<'a>) -> Option<Vec<(Arc<str>, Scalar)>> {
        if dict.more.get() {
            return None;
        }
        let items = dict.items().into_iter();
        items.map(|(column, value)| Some((self.column_key(table, &column_name(&column)?), scalar(&value)))).collect()
    }
}
