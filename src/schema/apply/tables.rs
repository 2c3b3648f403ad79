//! Tables: making, dropping, renaming, moving.

use std::sync::Arc;

use super::known::Presence;
use super::{Applier, names};
use crate::schema::{
    Certainty, Column, ColumnDef, Comment, Constraint, ConstraintKind, Error, Name, Object, OtherKind, Rows, Statement,
    Table, TableDef,
};

impl Applier<'_> {
    pub(super) fn create_table(&mut self, definition: &TableDef) {
        let name = &definition.name;
        // SQLAlchemy makes the types first, whether the table is there or not
        for enumeration in definition.columns.iter().filter_map(|column| column.enumeration.as_ref()) {
            self.emit_enum(enumeration);
        }
        if definition.temporary {
            return self.create_temporary(definition);
        }
        let presence = self.schema.table_presence(name, self.context);
        if definition.if_not_exists && presence == Presence::There {
            return;
        }
        let mut certainty = self.certainty;
        if definition.if_not_exists && presence == Presence::Perhaps {
            // surely there afterwards, but perhaps in another shape
            certainty = Certainty::Maybe;
            if self.schema.tables.contains_key(name) {
                return;
            }
        }
        for column in definition.columns.iter().filter(|column| column.enumeration.is_none()) {
            self.require_type(&column.ty, Statement::Create);
        }
        certainty = certainty.min(self.claim_relation(Object::Table(name.clone()), name));
        definition.columns.iter().for_each(|column| self.check_default(&column.ty, &column.default));
        self.forget_table(name);
        let table = Table {
            comment: definition.comment.clone(),
            columns: definition.columns.iter().map(|column| self.column(column)).collect(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            certainty,
            opaque: definition.opaque,
            rows: if definition.opaque { Rows::Possible } else { Rows::None },
            origin: self.origin(),
            doubtful: Vec::new(),
            unnamed: definition.opaque,
        };
        self.schema.tables.insert(name.clone(), Arc::new(table));
        self.schema.doubtful.remove(&Object::Table(name.clone()));
        self.schema.memory.gone.remove(&Object::Table(name.clone()));
        if certainty == Certainty::Certain && !definition.if_not_exists {
            self.schema.memory.made_table(name, self.context.revision);
        }
        self.add_parts(definition);
    }

    /// Constraints in the order in which PostgreSQL names them, then indexes.
    fn add_parts(&mut self, definition: &TableDef) {
        let rank = |kind: &ConstraintKind| match kind {
            ConstraintKind::Check => 0,
            ConstraintKind::Primary => 1,
            ConstraintKind::Unique | ConstraintKind::Exclude => 2,
            ConstraintKind::Foreign(_) => 3,
        };
        let of_columns = definition
            .columns
            .iter()
            .flat_map(|column| column.constraints.iter().map(move |constraint| of_column(constraint, &column.name)));
        let mut constraints: Vec<Constraint> = of_columns.chain(definition.constraints.iter().cloned()).collect();
        constraints.sort_by_key(|constraint| rank(&constraint.kind));
        for constraint in &one_of_each(constraints) {
            self.check_columns(&definition.name, constraint, false);
            self.add_constraint(&definition.name, constraint);
        }
        let of_columns = definition.columns.iter().filter_map(|column| column.index.as_ref());
        of_columns.chain(&definition.indexes).for_each(|index| self.add_index(&definition.name, index));
    }

    /// A temporary table hides one of its name for the rest of the session; nothing is said of that name any more.
    fn create_temporary(&mut self, definition: &TableDef) {
        self.schema.doubt(&Object::Table(definition.name.clone()));
    }

    pub(super) fn column(&self, definition: &ColumnDef) -> Column {
        Column {
            comment: definition.comment.clone(),
            name: definition.name.clone(),
            ty: definition.ty.clone(),
            nullable: definition.nullable,
            default: definition.default.clone(),
            certainty: if definition.certain { self.certainty } else { Certainty::Maybe },
            origin: self.origin(),
            required: None,
        }
    }

    pub(super) fn drop_table(&mut self, name: &Name, if_exists: bool, cascade: bool) {
        let object = Object::Table(name.clone());
        if !if_exists && self.schema.table_presence(name, self.context) == Presence::Missing {
            self.undefined(object.clone(), Statement::Drop);
        }
        let sure = self.schema.tables.get(name).is_some_and(|table| table.certainty == Certainty::Certain);
        let referrers = self.referrers(name, |_| true);
        if !cascade && sure && !referrers.is_empty() {
            self.fault(Error::StillUsed { object: object.clone(), by: constraints(&referrers) });
        }
        self.drop_constraints(&referrers);
        self.forget_table(name);
        self.schema.tables.remove(name);
        self.schema.doubtful.remove(&object);
        self.schema.memory.gone.insert(object);
    }

    /// Says nothing where there is nothing to comment on: nobody else asks for a comment.
    pub(super) fn comment(&mut self, table: &Name, column: Option<&str>, comment: &Comment) {
        let comment = if self.certainty == Certainty::Certain { comment.clone() } else { Comment::Unknown };
        match column {
            Some(column) => self.with_column(table, column, |column| column.comment = comment),
            None => {
                if let Some(table) = self.schema.table_mut(table) {
                    table.comment = comment;
                }
            }
        }
    }

    /// Takes a table's indexes, or those of a view in its place, out of the names that are taken.
    pub(super) fn forget_table(&mut self, name: &Name) {
        self.forget_view(OtherKind::MaterializedView, name);
        let Some(table) = self.schema.tables.get(name) else { return };
        for index in index_names(table) {
            self.schema.memory.indexes.remove(&name.sibling(&index));
        }
    }

    pub(super) fn rename_table(&mut self, name: &Name, to: &Arc<str>, if_exists: bool) {
        let listed = self.schema.tables.contains_key(name);
        if if_exists && !listed && !self.schema.is_view(name) {
            return;
        }
        for kind in [OtherKind::View, OtherKind::MaterializedView, OtherKind::Sequence] {
            if !listed && self.schema.others.contains_key(&(kind, name.clone())) {
                return self.move_other(kind, name, &name.sibling(to));
            }
        }
        if !listed && self.schema.memory.indexes.contains_key(name) {
            // PostgreSQL takes either statement for either kind
            return self.rename_index(name, to, if_exists);
        }
        self.move_table(name, &name.sibling(to), Statement::Alter);
    }

    /// Gives a table another name or schema; its indexes stay with it.
    pub(super) fn move_table(&mut self, from: &Name, to: &Name, statement: Statement) {
        if !self.reach(from, statement) {
            return;
        }
        let certainty = self.claim_relation(Object::Table(to.clone()), to);
        if from == to {
            return;
        }
        self.forget_table(to);
        let Some(mut table) = self.schema.tables.remove(from) else { return };
        if certainty == Certainty::Maybe {
            Arc::make_mut(&mut table).certainty = Certainty::Maybe;
        }
        for index in index_names(&table) {
            self.schema.memory.indexes.remove(&from.sibling(&index));
            self.own_index(&to.sibling(&index), to);
        }
        self.schema.tables.insert(to.clone(), table);
        let refers = |table: &Table| table.constraints.iter().any(|constraint| target(constraint) == Some(from));
        self.schema.change_tables(refers, |referrer| {
            for constraint in &mut referrer.constraints {
                if let ConstraintKind::Foreign(reference) = &mut constraint.kind
                    && reference.table == *from
                {
                    reference.table = to.clone();
                }
            }
        });
        let updated: Vec<Arc<str>> = self
            .schema
            .memory
            .updated
            .iter()
            .filter(|(table, _)| table == from)
            .map(|(_, column)| column.clone())
            .collect();
        self.schema.memory.updated.extend(updated.into_iter().map(|column| (to.clone(), column)));
        for tables in [&mut self.schema.memory.inserted, &mut self.schema.memory.deleted] {
            if tables.remove(from) {
                tables.insert(to.clone());
            }
        }
        self.schema.memory.renamed = true;
        self.schema.memory.gone.insert(Object::Table(from.clone()));
        self.schema.memory.gone.remove(&Object::Table(to.clone()));
        self.schema.doubtful.remove(&Object::Table(to.clone()));
    }

    /// Reports that the name of a relation to be made is taken, by a relation or by a type: a table is a type too. Maybe: it was,
    /// so what stands there afterwards cannot be told.
    pub(super) fn claim_relation(&mut self, made: Object, name: &Name) -> Certainty {
        match self.schema.relation(name) {
            Some((_, Certainty::Certain)) => {
                self.duplicate(made);
                return Certainty::Maybe;
            }
            Some((_, Certainty::Maybe)) => {}
            None => {
                let is_type = self.schema.enums.contains_key(name)
                    || self.schema.others.contains_key(&(OtherKind::Type, name.clone()));
                let makes_type = !matches!(made, Object::Index(_) | Object::Other(OtherKind::Sequence, _));
                if makes_type && is_type && self.schema.type_presence(name, true, self.context) == Presence::There {
                    self.duplicate(Object::Type(name.clone()));
                }
            }
        }
        Certainty::Certain
    }

    /// Foreign keys of other tables that point at this one's columns, with the tables they are on.
    pub(super) fn referrers(&self, name: &Name, columns: impl Fn(&[Arc<str>]) -> bool) -> Vec<(Name, Constraint)> {
        let mut res = Vec::new();
        for (table_name, table) in self.schema.tables.iter().filter(|(table_name, _)| *table_name != name) {
            for constraint in &table.constraints {
                if let ConstraintKind::Foreign(reference) = &constraint.kind
                    && reference.table == *name
                    && constraint.certainty.min(table.certainty) == Certainty::Certain
                    && columns(&reference.columns)
                {
                    res.push((table_name.clone(), constraint.clone()));
                }
            }
        }
        res
    }

    pub(super) fn drop_constraints(&mut self, constraints: &[(Name, Constraint)]) {
        for (table, constraint) in constraints {
            if let Some(table) = self.schema.table_mut(table) {
                table.constraints.retain(|own| own != constraint);
            }
        }
    }

    /// A name that PostgreSQL chooses for an index, or for a constraint of a table.
    pub(super) fn choose(&self, table: &Name, columns: Option<&str>, label: &str, constraint: bool) -> Arc<str> {
        let constraint_taken = |table: &Table, name: &str| table.constraint(name).is_some();
        let taken = |name: &str| {
            let own = self.schema.tables.get(table);
            let by_relation =
                || label != "fkey" && label != "check" && self.schema.relation(&table.sibling(name)).is_some();
            // a constraint of another table has such a name only where a table was renamed
            let elsewhere = || {
                self.schema.memory.renamed
                    && self
                        .schema
                        .tables
                        .iter()
                        .any(|(at, other)| at.schema == table.schema && constraint_taken(other, name))
            };
            by_relation() || constraint && (own.is_some_and(|own| constraint_taken(own, name)) || elsewhere())
        };
        names::choose(&table.name, columns, label, taken).into()
    }
}

/// PostgreSQL makes one index for keys that are the same; it has the first name that is given.
fn one_of_each(constraints: Vec<Constraint>) -> Vec<Constraint> {
    let mut res: Vec<Constraint> = Vec::new();
    for constraint in constraints {
        let is_key = |own: &Constraint| matches!(own.kind, ConstraintKind::Primary | ConstraintKind::Unique);
        let same = |own: &&mut Constraint| is_key(own) && own.columns == constraint.columns;
        let may_be_twice = constraint.kind == ConstraintKind::Unique && !constraint.columns.is_empty();
        match res.iter_mut().find(same).filter(|_| may_be_twice) {
            Some(first) => first.name = first.name.take().or(constraint.name),
            None => res.push(constraint),
        }
    }
    res
}

/// A constraint written on a column, whose columns need not be said.
pub(super) fn of_column(constraint: &Constraint, column: &Arc<str>) -> Constraint {
    let mut res = constraint.clone();
    if res.columns.is_empty() && res.kind != ConstraintKind::Check {
        res.columns.push(column.clone());
    }
    res
}

pub(super) fn constraints(of: &[(Name, Constraint)]) -> Vec<Object> {
    let object =
        |(table, constraint): &(Name, Constraint)| Some(Object::Constraint(table.clone(), constraint.name.clone()?));
    of.iter().filter_map(object).collect()
}

fn target(constraint: &Constraint) -> Option<&Name> {
    match &constraint.kind {
        ConstraintKind::Foreign(reference) => Some(&reference.table),
        _ => None,
    }
}

pub(super) fn index_names(table: &Table) -> Vec<Arc<str>> {
    let of_constraints = table.constraints.iter().filter(|constraint| constraint.kind.has_index());
    let of_constraints = of_constraints.filter_map(|constraint| constraint.name.clone());
    table.indexes.iter().map(|index| index.name.clone()).chain(of_constraints).collect()
}
