//! Tables that are listed as somebody describes them, without an operation that makes them.

use std::sync::Arc;

use super::names;
use super::tables::index_names;
use crate::schema::{Certainty, Constraint, ConstraintKind, Name, Object, Schema, Table};

impl Schema {
    /// Lists a table in place of what was listed by its name. Constraints that have no name get those that PostgreSQL chooses.
    pub(in crate::schema) fn list_table(&mut self, name: &Name, mut table: Table) {
        self.forget_indexes(name);
        self.tables.remove(name);
        for at in 0..table.constraints.len() {
            if table.constraints[at].name.is_none() {
                table.constraints[at].name = self.chosen(name, &table, &table.constraints[at]);
            }
        }
        for index in index_names(&table) {
            let index = name.sibling(&index);
            self.memory.gone.remove(&Object::Index(index.clone()));
            self.doubtful.remove(&Object::Index(index.clone()));
            self.memory.indexes.insert(index, name.clone());
        }
        self.memory.gone.remove(&Object::Table(name.clone()));
        self.doubtful.remove(&Object::Table(name.clone()));
        self.tables.insert(name.clone(), Arc::new(table));
    }

    /// Whether a table that is not listed is not there: what the history uses, it makes, as far as is known.
    pub(in crate::schema) fn lists_all_tables(&self, schema: &Option<Arc<str>>) -> bool {
        !self.open && (self.memory.complete || !self.memory.uses_foreign_tables(schema))
    }

    /// From now on a table that is not listed is not there, whatever the history has shown.
    pub(in crate::schema) fn complete(&mut self) {
        self.open = false;
        self.memory.complete = true;
    }

    /// A constraint goes by a name that is not listed. Where models told what a table has, it may be one that they need not name: a foreign
    /// key, or what has the name that PostgreSQL would choose.
    pub(super) fn doubt_unlisted(&mut self, name: &Name, dropped: &str) {
        if !self.memory.complete {
            return;
        }
        if !self.tables.get(name).is_some_and(|table| table.unnamed && table.constraint(dropped).is_none()) {
            return;
        }
        let is_chosen = |constraint: &Constraint| {
            let columns = names::join(constraint.columns.iter().map(|column| &**column));
            constraint.name.as_deref() == Some(&*names::choose(&name.name, Some(&columns), "key", |_| false))
        };
        let perhaps = |constraint: &Constraint| match constraint.kind {
            ConstraintKind::Foreign(_) => true,
            ConstraintKind::Unique => is_chosen(constraint),
            ConstraintKind::Primary | ConstraintKind::Check | ConstraintKind::Exclude => false,
        };
        if let Some(table) = self.table_mut(name) {
            for constraint in table.constraints.iter_mut().filter(|constraint| perhaps(constraint)) {
                constraint.certainty = Certainty::Maybe;
            }
        }
    }

    fn chosen(&self, name: &Name, table: &Table, constraint: &Constraint) -> Option<Arc<str>> {
        let columns = names::join(constraint.columns.iter().map(|column| &**column));
        let label = match constraint.kind {
            ConstraintKind::Primary => "pkey",
            ConstraintKind::Unique => "key",
            ConstraintKind::Foreign(_) => "fkey",
            // their names count for nothing
            ConstraintKind::Check | ConstraintKind::Exclude => return None,
        };
        let is_primary = constraint.kind == ConstraintKind::Primary;
        if constraint.columns.is_empty() && !is_primary {
            return None;
        }
        let taken = |chosen: &str| {
            table.constraint(chosen).is_some()
                || constraint.kind.has_index() && self.relation(&name.sibling(chosen)).is_some()
        };
        Some(names::choose(&name.name, Some(&*columns).filter(|_| !is_primary), label, taken).into())
    }

    fn forget_indexes(&mut self, name: &Name) {
        let own = self.tables.get(name).map(|table| index_names(table)).unwrap_or_default();
        for index in own.iter().map(|index| name.sibling(index)) {
            if self.memory.indexes.get(&index) == Some(name) {
                self.memory.indexes.remove(&index);
            }
        }
    }
}
