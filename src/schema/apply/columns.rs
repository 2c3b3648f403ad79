//! Columns: adding, dropping, altering all but the type.

use std::sync::Arc;

use super::known::Presence;
use super::{Applier, RiskKind};
use crate::schema::{
    Certainty, Column, ColumnDef, Constraint, ConstraintKind, Default, DefaultChange, Error, Name, Object, Retype,
    Rows, Scalar, Statement, Table,
};

impl Applier<'_> {
    pub(super) fn add_column(&mut self, table_name: &Name, definition: &ColumnDef, if_not_exists: bool) {
        if !self.reach(table_name, Statement::Alter) {
            return;
        }
        let object = Object::Column(table_name.clone(), definition.name.clone());
        let state = self.column_state(table_name, &definition.name);
        if if_not_exists && state == Presence::There {
            return;
        }
        if state == Presence::There {
            self.duplicate(object);
        }
        match &definition.enumeration {
            Some(enumeration) => self.refer_to_enum(enumeration),
            None => self.require_type(&definition.ty, Statement::Alter),
        }
        self.check_default(&definition.ty, &definition.default);
        let mut column = self.column(definition);
        if if_not_exists && state == Presence::Perhaps || !if_not_exists && state == Presence::There {
            column.certainty = Certainty::Maybe;
        }
        if column.certainty == Certainty::Certain && !column.nullable && column.default == Default::None {
            self.check_rows(table_name, &definition.name);
        }
        if let Some(table) = self.schema.table_mut(table_name) {
            table.doubtful.retain(|name| *name != definition.name);
            match table.columns.iter_mut().find(|own| own.name == definition.name) {
                Some(own) => *own = column,
                None => table.columns.push(column),
            }
        }
        for constraint in &definition.constraints {
            self.add_constraint(table_name, &super::tables::of_column(constraint, &definition.name));
        }
        if let Some(index) = &definition.index {
            self.add_index(table_name, index);
        }
    }

    /// A new column that takes no NULL and has nothing else to put into the rows there are.
    fn check_rows(&mut self, name: &Name, column: &Arc<str>) {
        let Some(table) = self.schema.tables.get(name) else { return };
        let (rows, exact) = (table.rows, table.is_exact());
        let made_here = exact && table.origin.is_some_and(|origin| origin.file == self.context.revision);
        let memory = &self.schema.memory;
        let inserted_here = memory.inserted.contains(name) && !memory.deleted.contains(name);
        match rows {
            Rows::Some if exact => {
                let error = Error::ContainsNulls { table: name.clone(), column: column.clone() };
                self.fault_in(error, [true, inserted_here]);
                if !inserted_here {
                    self.risk_of_nulls(name, column, true);
                }
            }
            Rows::None if made_here => {}
            Rows::Possible if made_here => {}
            Rows::None | Rows::Possible | Rows::Some => self.risk_of_nulls(name, column, true),
        }
    }

    fn risk_of_nulls(&mut self, table: &Name, column: &Arc<str>, added: bool) {
        self.risk(RiskKind::NotNullWithoutDefault { table: table.clone(), column: column.clone(), added });
    }

    pub(super) fn drop_column(&mut self, table_name: &Name, name: &Arc<str>, if_exists: bool, cascade: bool) {
        if !self.reach(table_name, Statement::Alter) {
            return;
        }
        let object = Object::Column(table_name.clone(), name.clone());
        let state = self.column_state(table_name, name);
        if !if_exists && state == Presence::Missing {
            self.undefined(object.clone(), Statement::Drop);
        }
        let is_key = self.schema.exact(table_name).is_some_and(|table| {
            table.constraints.iter().any(|own| own.kind == ConstraintKind::Primary && own.columns.contains(name))
        });
        let referrers = self.referrers(table_name, |columns| columns.contains(name) || columns.is_empty() && is_key);
        if !cascade && state == Presence::There && !referrers.is_empty() {
            self.fault(Error::StillUsed { object, by: super::tables::constraints(&referrers) });
        }
        self.drop_constraints(&referrers);
        self.take_column(table_name, name);
    }

    /// Removes a column, and the indexes and constraints that it takes along.
    pub(super) fn take_column(&mut self, table_name: &Name, name: &Arc<str>) {
        let Some(table) = self.schema.table_mut(table_name) else { return };
        table.columns.retain(|column| column.name != *name);
        table.doubtful.retain(|doubtful| doubtful != name);
        let mut dropped = Vec::new();
        table.constraints.retain_mut(|constraint| {
            let goes = constraint.columns.contains(name);
            if goes && constraint.kind.has_index() {
                dropped.extend(constraint.name.clone());
            } else if constraint.columns.is_empty() {
                constraint.certainty = Certainty::Maybe;
            }
            !goes
        });
        table.indexes.retain_mut(|index| {
            let goes = index.columns.iter().flatten().any(|column| column == name);
            if goes {
                dropped.push(index.name.clone());
            }
            // its predicate or an expression may name the column
            index.certainty = Certainty::Maybe;
            !goes
        });
        for index in dropped {
            self.schema.memory.indexes.remove(&table_name.sibling(&index));
        }
    }

    pub(super) fn alter_column(
        &mut self,
        table: &Name,
        column: &Arc<str>,
        retype: Option<&Retype>,
        nullable: Option<bool>,
        default: Option<&DefaultChange>,
        rename: Option<&Arc<str>>,
    ) {
        let nothing = retype.is_none() && nullable.is_none() && default.is_none() && rename.is_none();
        if nothing || !self.reach(table, Statement::Alter) {
            return;
        }
        if let Some(retype) = retype.filter(|retype| retype.using) {
            self.require_new_type(retype);
        }
        if self.column_state(table, column) == Presence::Missing {
            let only_renames = retype.is_none() && nullable.is_none() && default.is_none();
            // USING is read first, and is an expression
            let statement = match retype {
                Some(Retype { using: true, .. }) => Statement::Query,
                _ if only_renames => Statement::Rename,
                _ => Statement::Alter,
            };
            self.undefined(Object::Column(table.clone(), column.clone()), statement);
            if let Some(table) = self.schema.table_mut(table) {
                table.doubtful.push(column.clone());
            }
        }
        if let Some(retype) = retype {
            self.retype(table, column, retype);
        }
        if let Some(nullable) = nullable {
            self.set_nullable(table, column, nullable);
        }
        if let Some(default) = default {
            self.set_default(table, column, default);
        }
        if let Some(to) = rename {
            self.rename_column(table, column, to);
        }
    }

    fn set_nullable(&mut self, name: &Name, column_name: &Arc<str>, nullable: bool) {
        let revision = self.context.revision;
        if !nullable && let Some(table) = self.schema.exact(name) {
            let made_here = table.origin.is_some_and(|origin| origin.file == revision);
            let takes_null = |column: &Column| {
                column.nullable && column.certainty == Certainty::Certain && column.default == Default::None
            };
            let memory = &self.schema.memory;
            let handled =
                memory.deleted.contains(name) || memory.updated.contains(&(name.clone(), column_name.clone()));
            if !made_here && !handled && table.column(column_name).is_some_and(takes_null) {
                self.risk_of_nulls(name, column_name, false);
            }
        }
        let origin = self.origin();
        self.with_column(name, column_name, |column| {
            if column.nullable && !nullable {
                column.required = origin;
            }
            column.nullable = nullable;
        });
    }

    fn set_default(&mut self, table: &Name, column: &Arc<str>, change: &DefaultChange) {
        let default = match change {
            DefaultChange::Drop | DefaultChange::Set(Scalar::Null | Scalar::Default) => Default::None,
            DefaultChange::Set(Scalar::Text(text)) => {
                self.check_literal(table, column, text);
                Default::Some(Some(format!("'{}'", text.replace('\'', "''")).into()))
            }
            DefaultChange::Set(Scalar::Other) => Default::Some(None),
            DefaultChange::Unknown => Default::Unknown,
        };
        let origin = self.origin();
        self.with_column(table, column, |column| {
            if column.default != Default::None && default == Default::None {
                column.required = origin;
            }
            column.default = default;
        });
    }

    fn rename_column(&mut self, table_name: &Name, from: &Arc<str>, to: &Arc<str>) {
        if self.column_state(table_name, to) == Presence::There {
            self.duplicate(Object::Column(table_name.clone(), to.clone()));
        }
        if from == to {
            return;
        }
        let Some(table) = self.schema.table_mut(table_name) else { return };
        rename_in(table, from, to);
        let points = |constraint: &Constraint| match &constraint.kind {
            ConstraintKind::Foreign(reference) => reference.table == *table_name && reference.columns.contains(from),
            _ => false,
        };
        self.schema.change_tables(
            |table| table.constraints.iter().any(points),
            |referrer| {
                for constraint in &mut referrer.constraints {
                    if let ConstraintKind::Foreign(reference) = &mut constraint.kind
                        && reference.table == *table_name
                    {
                        replace(&mut reference.columns, from, to);
                    }
                }
            },
        );
        if self.schema.memory.updated.contains(&(table_name.clone(), from.clone())) {
            self.schema.memory.updated.insert((table_name.clone(), to.clone()));
        }
    }

    /// Whether a table has a column, as far as that is sure.
    pub(super) fn column_state(&self, table: &Name, column: &str) -> Presence {
        let Some(table) = self.schema.exact(table) else { return Presence::Perhaps };
        match table.column(column) {
            Some(column) if column.certainty == Certainty::Certain => Presence::There,
            Some(_) => Presence::Perhaps,
            None if table.doubtful.iter().any(|doubtful| &**doubtful == column) || is_system_column(column) => {
                Presence::Perhaps
            }
            None => Presence::Missing,
        }
    }

    pub(super) fn with_column(&mut self, table: &Name, name: &str, change: impl FnOnce(&mut Column)) {
        let column =
            self.schema.table_mut(table).and_then(|table| table.columns.iter_mut().find(|own| &*own.name == name));
        if let Some(column) = column {
            change(column);
        }
    }
}

/// Renames a column wherever the table says it; names of indexes and constraints stay.
fn rename_in(table: &mut Table, from: &Arc<str>, to: &Arc<str>) {
    if table.columns.iter().any(|column| column.name == *from) {
        table.columns.retain(|column| column.name != *to);
    }
    for column in table.columns.iter_mut().filter(|column| column.name == *from) {
        column.name = to.clone();
    }
    table.doubtful.retain(|doubtful| doubtful != from && doubtful != to);
    for constraint in &mut table.constraints {
        replace(&mut constraint.columns, from, to);
    }
    for column in table.indexes.iter_mut().flat_map(|index| &mut index.columns).flatten() {
        if column == from {
            *column = to.clone();
        }
    }
}

fn replace(columns: &mut [Arc<str>], from: &Arc<str>, to: &Arc<str>) {
    columns.iter_mut().filter(|column| *column == from).for_each(|column| *column = to.clone());
}

/// What every table has and no list shows.
fn is_system_column(name: &str) -> bool {
    ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"].contains(&name)
}
