//! Constraints: adding, dropping, renaming, and what a foreign key needs at its other end.

use std::sync::Arc;

use super::known::Presence;
use super::{Applier, names};
use crate::schema::{Certainty, Constraint, ConstraintKind, Error, Name, Object, Reason, Reference, Statement, Table};

impl Applier<'_> {
    /// Adds a constraint to a listed table.
    pub(super) fn add_constraint(&mut self, table_name: &Name, definition: &Constraint) {
        if let ConstraintKind::Foreign(reference) = &definition.kind {
            self.check_reference(table_name, reference);
        }
        if definition.kind == ConstraintKind::Primary {
            self.check_second_primary(table_name);
        }
        let mut certainty = definition.certainty.min(self.certainty);
        let (name, guess) = match &definition.name {
            Some(name) => {
                certainty = certainty.min(self.claim_constraint(table_name, name, &definition.kind));
                (Some(name.clone()), false)
            }
            None => {
                let name = self.constraint_name(table_name, definition);
                let guess = self.schema.conventions || name.is_none();
                (name, guess)
            }
        };
        if let Some(name) = name.as_ref().filter(|_| definition.kind.has_index()) {
            self.own_index(&table_name.sibling(name), table_name);
        }
        let origin = self.origin();
        let is_primary = definition.kind == ConstraintKind::Primary;
        let Some(table) = self.schema.table_mut(table_name) else { return };
        if let Some(name) = &name {
            table.doubtful.retain(|doubtful| doubtful != name);
            table.constraints.retain(|own| own.name.as_ref() != Some(name));
        }
        if guess {
            table.unnamed = true;
            certainty = Certainty::Maybe;
        }
        for column in table.columns.iter_mut().filter(|column| is_primary && definition.columns.contains(&column.name))
        {
            column.nullable = false;
        }
        table.constraints.push(Constraint { name, certainty, origin, ..definition.clone() });
    }

    /// `altering`: the table is there already, and a primary key first makes its columns NOT NULL.
    pub(super) fn check_columns(&mut self, table: &Name, definition: &Constraint, altering: bool) {
        let statement = match definition.kind {
            ConstraintKind::Primary if altering => Statement::Alter,
            ConstraintKind::Primary | ConstraintKind::Unique => Statement::Key,
            ConstraintKind::Foreign(_) => Statement::ForeignKey,
            ConstraintKind::Check | ConstraintKind::Exclude => Statement::Query,
        };
        // those of a check are the words of its expression, and some of these name nothing: AT TIME ZONE, extract(year …)
        if definition.kind == ConstraintKind::Check {
            return;
        }
        let missing = definition.columns.iter().find(|column| self.column_state(table, column) == Presence::Missing);
        if let Some(column) = missing {
            self.undefined(Object::Column(table.clone(), column.clone()), statement);
        }
    }

    fn check_reference(&mut self, table: &Name, reference: &Reference) {
        if reference.table != *table {
            self.mention(&reference.table, Statement::Create);
        }
        let missing =
            reference.columns.iter().find(|column| self.column_state(&reference.table, column) == Presence::Missing);
        if let Some(column) = missing {
            return self.undefined(Object::Column(reference.table.clone(), column.clone()), Statement::ForeignKey);
        }
        let lacks_key = |target: &Table| {
            let known = !target.constraints.iter().any(|own| own.columns.is_empty() && own.kind.has_index());
            let keys =
                target.constraints.iter().filter(|own| own.kind != ConstraintKind::Check && own.kind.has_index());
            let mut keys = keys.map(|own| (&own.kind, own.columns.iter().collect::<Vec<_>>()));
            let fits = |columns: &[&Arc<str>]| {
                columns.len() == reference.columns.len()
                    && reference.columns.iter().all(|column| columns.contains(&column))
            };
            let by_index = || {
                let unique = target.indexes.iter().filter(|index| index.unique);
                unique.into_iter().any(|index| fits(&index.columns.iter().flatten().collect::<Vec<_>>()))
            };
            let found = match reference.columns.is_empty() {
                true => keys.any(|(kind, _)| *kind == ConstraintKind::Primary),
                false => keys.any(|(_, columns)| fits(&columns)) || by_index(),
            };
            known && target.doubtful.is_empty() && !found
        };
        // a table's own foreign key may stand before the key it needs
        if reference.table != *table && self.schema.exact(&reference.table).is_some_and(lacks_key) {
            self.fault(Error::NotUnique { table: reference.table.clone(), columns: reference.columns.clone() });
        }
    }

    fn check_second_primary(&mut self, name: &Name) {
        let is_primary = |own: &Constraint| own.kind == ConstraintKind::Primary && own.certainty == Certainty::Certain;
        if self.schema.exact(name).is_some_and(|table| table.constraints.iter().any(is_primary)) {
            self.fault(Error::Invalid {
                sqlstate: "42P16",
                message: format!("multiple primary keys for table \"{}\" are not allowed", name.name),
                reason: Reason::SecondPrimaryKey,
            });
        }
    }

    /// Reports that a constraint's name is taken.
    fn claim_constraint(&mut self, table: &Name, name: &Arc<str>, kind: &ConstraintKind) -> Certainty {
        let own = self.schema.exact(table).and_then(|own| own.constraint(name));
        let own = own.filter(|own| own.certainty == Certainty::Certain).is_some();
        let relation = self.schema.relation(&table.sibling(name));
        match relation {
            Some((_, Certainty::Certain)) if kind.has_index() => {
                self.duplicate(Object::Index(table.sibling(name)));
                Certainty::Maybe
            }
            _ if own => {
                self.duplicate(Object::Constraint(table.clone(), name.clone()));
                Certainty::Maybe
            }
            _ => Certainty::Certain,
        }
    }

    /// The name that PostgreSQL gives a constraint without one; `None` when its columns cannot be told.
    fn constraint_name(&self, table: &Name, definition: &Constraint) -> Option<Arc<str>> {
        let columns = || names::join(definition.columns.iter().map(|column| &**column));
        let label = match definition.kind {
            ConstraintKind::Primary => return Some(self.choose(table, None, "pkey", true)),
            ConstraintKind::Unique => "key",
            ConstraintKind::Foreign(_) => "fkey",
            ConstraintKind::Check => "check",
            ConstraintKind::Exclude => "excl",
        };
        match definition.columns.len() {
            0 => None,
            // only a check of a single column carries its name
            2.. if definition.kind == ConstraintKind::Check => Some(self.choose(table, None, label, true)),
            _ => Some(self.choose(table, Some(&columns()), label, true)),
        }
    }

    pub(super) fn drop_constraint(&mut self, table: &Name, name: Option<&Arc<str>>, if_exists: bool, cascade: bool) {
        if !self.reach(table, Statement::Alter) {
            return;
        }
        let Some(name) = name else {
            if let Some(table) = self.schema.table_mut(table) {
                table.unnamed = true;
                table.constraints.iter_mut().for_each(|constraint| constraint.certainty = Certainty::Maybe);
            }
            return;
        };
        let object = Object::Constraint(table.clone(), name.clone());
        let state = self.constraint_state(table, name);
        if !if_exists && state == Presence::Missing {
            self.undefined(object.clone(), Statement::Drop);
        }
        let used = self.key_users(table, name);
        if !cascade && state == Presence::There && !used.is_empty() {
            self.fault(Error::StillUsed { object, by: super::tables::constraints(&used) });
        }
        self.drop_constraints(&used);
        self.schema.doubt_unlisted(table, name);
        let may_be_key = |own: &Constraint| own.kind.has_index();
        if cascade
            && used.is_empty()
            && self.schema.tables.get(table).and_then(|own| own.constraint(name)).is_none_or(may_be_key)
        {
            // it may be the key that any of them rests on
            for (referrer, constraint) in self.referrers(table, |_| true) {
                if let Some(name) = constraint.name {
                    self.schema.doubt(&Object::Constraint(referrer, name));
                }
            }
        }
        let Some(own) = self.schema.table_mut(table) else { return };
        own.doubtful.retain(|doubtful| doubtful != name);
        let had_index = own.constraint(name).is_some_and(|constraint| constraint.kind.has_index());
        own.constraints.retain(|constraint| constraint.name.as_ref() != Some(name));
        if had_index {
            self.schema.memory.indexes.remove(&table.sibling(name));
        }
    }

    /// Foreign keys that rest on this unique or primary key, where no other one would do.
    fn key_users(&self, table: &Name, name: &str) -> Vec<(Name, Constraint)> {
        let Some(own) = self.schema.exact(table) else { return Vec::new() };
        let Some(key) = own.constraint(name).filter(|key| key.kind.has_index() && !key.columns.is_empty()) else {
            return Vec::new();
        };
        let same = |columns: &[Arc<str>]| {
            columns.len() == key.columns.len() && columns.iter().all(|column| key.columns.contains(column))
        };
        let keys = own.constraints.iter().filter(|other| other.kind.has_index() && same(&other.columns)).count();
        let by_index = own.indexes.iter().any(|index| index.unique && index.columns.len() == key.columns.len());
        if keys > 1 || by_index {
            return Vec::new();
        }
        let is_primary = key.kind == ConstraintKind::Primary;
        self.referrers(table, |columns| same(columns) || columns.is_empty() && is_primary)
    }

    pub(super) fn rename_constraint(&mut self, table: &Name, name: &Arc<str>, to: &Arc<str>) {
        if !self.reach(table, Statement::Alter) {
            return;
        }
        match self.constraint_state(table, name) {
            Presence::Missing => self.undefined(Object::Constraint(table.clone(), name.clone()), Statement::Rename),
            Presence::There | Presence::Perhaps => {}
        }
        let listed = self.schema.tables.get(table).and_then(|own| own.constraint(name));
        let Some(kind) = listed.map(|own| own.kind.clone()) else {
            return self.schema.doubt(&Object::Constraint(table.clone(), to.clone()));
        };
        if name == to {
            return;
        }
        self.claim_constraint(table, to, &kind);
        if kind.has_index() {
            self.schema.memory.indexes.remove(&table.sibling(name));
            self.own_index(&table.sibling(to), table);
        }
        let Some(own) = self.schema.table_mut(table) else { return };
        own.doubtful.retain(|doubtful| doubtful != name && doubtful != to);
        let index = own.constraint(to).filter(|constraint| constraint.kind.has_index()).is_some();
        own.constraints.retain(|constraint| constraint.name.as_ref() != Some(to));
        for constraint in own.constraints.iter_mut().filter(|constraint| constraint.name.as_ref() == Some(name)) {
            constraint.name = Some(to.clone());
        }
        if index && !kind.has_index() {
            self.schema.memory.indexes.remove(&table.sibling(to));
        }
    }

    /// Whether a table has a constraint of that name, as far as that is sure.
    fn constraint_state(&self, table: &Name, name: &str) -> Presence {
        let Some(table) = self.schema.exact(table) else { return Presence::Perhaps };
        match table.constraint(name) {
            Some(own) if own.certainty == Certainty::Certain => Presence::There,
            Some(_) => Presence::Perhaps,
            None if table.unnamed || table.doubtful.iter().any(|doubtful| &**doubtful == name) => Presence::Perhaps,
            None => Presence::Missing,
        }
    }
}
