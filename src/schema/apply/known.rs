//! What is known for sure: whether something is there, is missing, or may be either; and what has to be kept in mind for that.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::{Applier, Context, RiskKind, Transactions};
use crate::schema::{Certainty, EnumType, Name, Object, OtherKind, Schema, Statement, Table};

/// What the two ways of running and the history so far leave behind.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Memory {
    /// The table (or materialized view) of each index, constraints' own included.
    pub(super) indexes: OrdMap<Name, Name>,
    /// Dropped for sure, and not made again.
    pub(super) gone: OrdSet<Object>,
    /// What the history has shown of each schema of the database.
    stories: BTreeMap<Option<Arc<str>>, Story>,
    /// A table was renamed or moved: its constraints keep names that a new table's would get.
    pub(super) renamed: bool,
    /// Columns that an UPDATE has set, and so may have rid of NULLs.
    pub(super) updated: OrdSet<(Name, Arc<str>)>,
    /// Tables that this revision has put rows into for sure, or has taken rows out of.
    pub(super) inserted: BTreeSet<Name>,
    pub(super) deleted: BTreeSet<Name>,
    /// All revisions in one run; and each revision in its own.
    pub(super) once: Run,
    pub(super) each: Run,
    /// All tables are listed, whatever the history has shown.
    pub(super) complete: bool,
}

/// Whether the history makes all that it uses.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Story {
    /// The first revision that made a table, unconditionally.
    made: Option<usize>,
    /// The first revisions that used a table, a type, that nobody made.
    foreign_table: Option<usize>,
    foreign_type: Option<usize>,
}

/// What one run of `alembic upgrade` has behind it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Run {
    /// Enum types that `op.create_table` has emitted: it emits each once a run. False: perhaps it has.
    pub emitted: OrdMap<Name, bool>,
    /// Values that were added to a type and not committed.
    pub fresh: OrdSet<(Name, Arc<str>)>,
    /// No transaction is open.
    pub autocommit: bool,
}

impl Memory {
    /// The table of an index.
    pub(in crate::schema) fn owner(&self, index: &Name) -> Option<&Name> {
        self.indexes.get(index)
    }

    pub(super) fn begin_run(&mut self) {
        self.once = Run::default();
        self.each = Run::default();
    }

    pub(super) fn begin_revision(&mut self, context: &Context) {
        self.each = Run { autocommit: context.transactions == Transactions::Off, ..Run::default() };
        self.inserted.clear();
        self.deleted.clear();
        match context.transactions {
            // a statement outside of a transaction (after `COMMIT` as text) leaves the rest of the run outside too
            Transactions::WholeRun => {}
            Transactions::PerMigration => {
                self.once.fresh.clear();
                self.once.autocommit = false;
            }
            Transactions::Unknown => self.once.fresh.clear(),
            Transactions::Off => self.commit(),
        }
    }

    pub(super) fn runs(&mut self) -> [&mut Run; 2] {
        [&mut self.once, &mut self.each]
    }

    /// `COMMIT` as text: drivers do not notice, and open no new transaction.
    pub(super) fn commit(&mut self) {
        self.autocommit(true);
    }

    /// The edges of `autocommit_block()`: both commit.
    pub(super) fn autocommit(&mut self, on: bool) {
        for run in self.runs() {
            run.fresh.clear();
            run.autocommit = on;
        }
    }

    pub(super) fn uses_foreign_tables(&self, schema: &Option<Arc<str>>) -> bool {
        self.stories.get(schema).is_some_and(|story| story.foreign_table.is_some())
    }

    pub(super) fn made_table(&mut self, name: &Name, revision: usize) {
        self.stories.entry(name.schema.clone()).or_default().made.get_or_insert(revision);
    }
}

/// What can be said about a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    There,
    Perhaps,
    Missing,
}

impl Schema {
    /// What is known best about a thing: how a guard that asks for it is decided.
    pub(super) fn seems_there(&self, object: &Object) -> bool {
        match object {
            Object::Table(name) => self.tables.contains_key(name) || self.is_view(name),
            Object::Column(table, column) => self.tables.get(table).is_some_and(|table| table.column(column).is_some()),
            Object::Constraint(table, name) => {
                self.tables.get(table).is_some_and(|table| table.constraint(name).is_some())
            }
            Object::Index(name) => self.memory.indexes.contains_key(name),
            Object::Type(name) => {
                self.enums.contains_key(name) || self.others.contains_key(&(OtherKind::Type, name.clone()))
            }
            Object::EnumValue(ty, value) => {
                self.enums.get(ty).and_then(|ty| ty.values.as_ref()).is_some_and(|values| values.contains(value))
            }
            Object::Other(kind, name) => self.others.contains_key(&(*kind, name.clone())),
        }
    }

    pub(super) fn is_view(&self, name: &Name) -> bool {
        [OtherKind::View, OtherKind::MaterializedView]
            .into_iter()
            .any(|kind| self.others.contains_key(&(kind, name.clone())))
    }

    pub(super) fn exact(&self, name: &Name) -> Option<&Table> {
        self.tables.get(name).map(|table| &**table).filter(|table| table.is_exact())
    }

    pub(in crate::schema) fn table_mut(&mut self, name: &Name) -> Option<&mut Table> {
        self.tables.get_mut(name).map(Arc::make_mut)
    }

    /// Changes those tables that need it; the others stay shared.
    pub(super) fn change_tables(&mut self, wanted: impl Fn(&Table) -> bool, mut change: impl FnMut(&mut Table)) {
        let names = self.tables.iter().filter(|(_, table)| wanted(table)).map(|(name, _)| name.clone());
        for name in names.collect::<Vec<_>>() {
            self.table_mut(&name).into_iter().for_each(&mut change);
        }
    }

    pub(super) fn table_presence(&self, name: &Name, context: &Context) -> Presence {
        let object = Object::Table(name.clone());
        match self.tables.get(name) {
            Some(table) if table.certainty == Certainty::Certain => Presence::There,
            Some(_) => Presence::Perhaps,
            // a view, or another kind of relation, of which PostgreSQL says other things
            None if self.relation(name).is_some() || self.doubtful.contains(&object) || is_systems(name) => {
                Presence::Perhaps
            }
            None if self.memory.gone.contains(&object) => Presence::Missing,
            None if self.tells_all_tables(&name.schema, context) => Presence::Missing,
            None => Presence::Perhaps,
        }
    }

    /// `named_as_enum`: it was written as an enum, and is not merely a word that may name any type.
    pub(super) fn type_presence(&self, name: &Name, named_as_enum: bool, context: &Context) -> Presence {
        let object = Object::Type(name.clone());
        let other = self.others.get(&(OtherKind::Type, name.clone())).copied();
        match self.enums.get(name).map(|ty| ty.certainty).or(other) {
            Some(Certainty::Certain) => Presence::There,
            Some(Certainty::Maybe) => Presence::Perhaps,
            // a table's name is a type as well
            None if self.doubtful.contains(&object) || self.tables.contains_key(name) || is_systems(name) => {
                Presence::Perhaps
            }
            None if self.memory.gone.contains(&object) => Presence::Missing,
            None if !named_as_enum && !context.enums.contains(name) => Presence::Perhaps,
            None if self.tells_all(&name.schema, context, |story| [story.foreign_table, story.foreign_type]) => {
                Presence::Missing
            }
            None => Presence::Perhaps,
        }
    }

    /// Whether all tables of a schema are listed.
    pub(super) fn tells_all_tables(&self, schema: &Option<Arc<str>>, context: &Context) -> bool {
        self.tells_all(schema, context, |story| [story.foreign_table, None])
    }

    /// Whether the history, as far as it goes, makes all that it uses in a schema, so that what it never made is not there. It has
    /// shown so when an earlier revision made a table, and none used what nobody made.
    fn tells_all(
        &self,
        schema: &Option<Arc<str>>,
        context: &Context,
        foreign: impl Fn(&Story) -> [Option<usize>; 2],
    ) -> bool {
        let story = self.memory.stories.get(schema).copied().unwrap_or_default();
        let before = |at: usize| at != context.revision;
        let complete = story.made.is_some_and(before) && !foreign(&story).into_iter().flatten().any(before);
        complete && !self.open && !context.base
    }

    /// Whether a relation of that name is there for sure, and which.
    pub(super) fn relation(&self, name: &Name) -> Option<(Object, Certainty)> {
        if let Some(table) = self.tables.get(name) {
            return Some((Object::Table(name.clone()), table.certainty));
        }
        if let Some(owner) = self.memory.indexes.get(name) {
            return Some((Object::Index(name.clone()), self.index_certainty(owner, &name.name)));
        }
        [OtherKind::View, OtherKind::MaterializedView, OtherKind::Sequence].into_iter().find_map(|kind| {
            let certainty = self.others.get(&(kind, name.clone()))?;
            Some((Object::Other(kind, name.clone()), *certainty))
        })
    }

    fn index_certainty(&self, owner: &Name, name: &str) -> Certainty {
        let Some(table) = self.tables.get(owner) else { return Certainty::Maybe };
        let own = table.index(name).map(|index| index.certainty);
        let of_constraint = || table.constraint(name).map(|constraint| constraint.certainty);
        own.or_else(of_constraint).unwrap_or(Certainty::Maybe).min(table.certainty)
    }

    /// A thing may or may not be there, and may be other than described.
    pub(super) fn doubt(&mut self, object: &Object) {
        self.memory.gone.remove(object);
        match object {
            Object::Table(name) => match self.table_mut(name) {
                Some(table) => table.certainty = Certainty::Maybe,
                None => self.doubt_name(object),
            },
            Object::Column(table, name) => self.doubt_in(table, name, |table| {
                let column = table.columns.iter_mut().find(|column| column.name == *name)?;
                column.certainty = Certainty::Maybe;
                Some(())
            }),
            Object::Constraint(table, name) => self.doubt_in(table, name, |table| {
                let mut constraints = table.constraints.iter_mut();
                let constraint = constraints.find(|constraint| constraint.name.as_ref() == Some(name))?;
                constraint.certainty = Certainty::Maybe;
                Some(())
            }),
            Object::Index(index) => match self.memory.indexes.get(index).cloned() {
                Some(owner) => self.doubt_in(&owner, &index.name, |table| {
                    let own = table.indexes.iter_mut().find(|own| own.name == index.name)?;
                    own.certainty = Certainty::Maybe;
                    Some(())
                }),
                None => self.doubt_name(object),
            },
            Object::Type(name) | Object::EnumValue(name, _) => match self.enums.get_mut(name) {
                Some(ty) => Arc::make_mut(ty).certainty = Certainty::Maybe,
                None => self.doubt_name(&Object::Type(name.clone())),
            },
            Object::Other(kind, name) => match self.others.get_mut(&(*kind, name.clone())) {
                Some(certainty) => *certainty = Certainty::Maybe,
                None => self.doubt_name(object),
            },
        }
    }

    fn doubt_name(&mut self, object: &Object) {
        self.memory.gone.remove(object);
        self.doubtful.insert(object.clone());
    }

    fn doubt_in(&mut self, table: &Name, name: &Arc<str>, listed: impl FnOnce(&mut Table) -> Option<()>) {
        match self.table_mut(table) {
            Some(table) => {
                if listed(table).is_none() && !table.doubtful.contains(name) {
                    table.doubtful.push(name.clone());
                }
            }
            None => self.doubt_name(&Object::Table(table.clone())),
        }
    }

    /// Something that we do not understand touched a thing.
    pub(super) fn blur(&mut self, object: &Object) {
        self.doubt(object);
        match object {
            Object::Table(name) => {
                let indexes = self.memory.gone.iter().filter(|gone| matches!(gone, Object::Index(_))).cloned();
                for index in indexes.collect::<Vec<_>>() {
                    self.memory.gone.remove(&index);
                }
                if let Some(table) = self.table_mut(name) {
                    table.opaque = true;
                    table.rows = crate::schema::Rows::Possible;
                }
            }
            Object::Column(table, name) => {
                let column =
                    self.table_mut(table).and_then(|table| table.columns.iter_mut().find(|at| at.name == *name));
                if let Some(column) = column {
                    column.default = crate::schema::Default::Unknown;
                }
                self.memory.updated.insert((table.clone(), name.clone()));
            }
            Object::Type(name) | Object::EnumValue(name, _) => {
                if let Some(ty) = self.enums.get_mut(name) {
                    Arc::make_mut(ty).values = None;
                }
            }
            Object::Constraint(..) | Object::Index(_) | Object::Other(..) => {}
        }
    }

    /// Any rows may have been written, changed or taken away.
    pub(super) fn forget_rows(&mut self) {
        let columns = |(name, table): (&Name, &Arc<Table>)| -> Vec<_> {
            table.columns.iter().map(|column| (name.clone(), column.name.clone())).collect()
        };
        let updated: Vec<_> = self.tables.iter().flat_map(columns).collect();
        let possible = crate::schema::Rows::Possible;
        self.change_tables(|table| table.rows != possible, |table| table.rows = possible);
        self.memory.updated.extend(updated);
        self.memory.inserted.clear();
    }

    /// Something that we do not understand may have done anything.
    pub fn open_up(&mut self) {
        self.open = true;
        self.memory.gone.clear();
        self.change_tables(Table::is_exact, |table| (table.certainty, table.opaque) = (Certainty::Maybe, true));
        let sure = self.enums.iter().filter(|(_, ty)| ty.certainty == Certainty::Certain);
        for (name, ty) in sure.map(|(name, ty)| (name.clone(), EnumType::clone(ty))).collect::<Vec<_>>() {
            self.enums.insert(name, Arc::new(EnumType { certainty: Certainty::Maybe, ..ty }));
        }
        let sure = self.others.iter().filter(|(_, certainty)| **certainty == Certainty::Certain);
        for name in sure.map(|(name, _)| name.clone()).collect::<Vec<_>>() {
            self.others.insert(name, Certainty::Maybe);
        }
        for run in self.memory.runs() {
            for name in run.emitted.keys().cloned().collect::<Vec<_>>() {
                run.emitted.insert(name, false);
            }
            run.fresh.clear();
        }
    }
}

impl Applier<'_> {
    /// A table that is about to be changed. Reports it when it is missing, and lists it as opaque when it is not listed. False when
    /// there is nothing to change: a view, or one of the database's own.
    pub(super) fn reach(&mut self, name: &Name, statement: Statement) -> bool {
        if self.schema.tables.contains_key(name) {
            return true;
        }
        self.mention(name, statement);
        if self.schema.is_view(name) || is_systems(name) {
            return false;
        }
        self.schema.tables.insert(name.clone(), Arc::new(Table::opaque()));
        self.schema.doubtful.remove(&Object::Table(name.clone()));
        true
    }

    /// A table that must be there. Reports it when it is missing; either way it is not missing from here on.
    pub(super) fn mention(&mut self, name: &Name, statement: Statement) {
        let object = Object::Table(name.clone());
        let listed = self.schema.tables.contains_key(name) || self.schema.is_view(name);
        if listed || is_systems(name) || self.schema.doubtful.contains(&object) {
            return;
        }
        match self.schema.table_presence(name, self.context) {
            Presence::There => {}
            Presence::Missing => self.undefined(object.clone(), statement),
            Presence::Perhaps => self.risk(RiskKind::Unheard { object: object.clone(), statement }),
        }
        if !self.schema.open && self.certainty == Certainty::Certain && !self.schema.memory.gone.contains(&object) {
            let story = self.schema.memory.stories.entry(name.schema.clone()).or_default();
            story.foreign_table.get_or_insert(self.context.revision);
        }
        self.schema.doubt_name(&object);
    }

    /// A type that must be there. Reports it when it is missing; either way it is not missing from here on.
    pub(super) fn mention_type(&mut self, name: &Name, named_as_enum: bool, statement: Statement) {
        let object = Object::Type(name.clone());
        match self.schema.type_presence(name, named_as_enum, self.context) {
            Presence::There => return,
            Presence::Missing => self.undefined(object.clone(), statement),
            Presence::Perhaps => {}
        }
        let known = self.schema.seems_there(&object) || self.schema.doubtful.contains(&object);
        if known || is_systems(name) || self.schema.tables.contains_key(name) {
            return;
        }
        if self.schema.type_presence(name, named_as_enum, self.context) == Presence::Perhaps {
            self.risk(RiskKind::Unheard { object: object.clone(), statement });
        }
        let gone = self.schema.memory.gone.contains(&object);
        if named_as_enum && !gone && !self.schema.open && self.certainty == Certainty::Certain {
            let story = self.schema.memory.stories.entry(name.schema.clone()).or_default();
            story.foreign_type.get_or_insert(self.context.revision);
        }
        self.schema.doubt_name(&object);
    }
}

/// What PostgreSQL and Alembic bring themselves.
fn is_systems(name: &Name) -> bool {
    match name.schema.as_deref() {
        Some(schema) => schema == "information_schema" || schema.starts_with("pg_"),
        None => &*name.name == "alembic_version" || name.name.starts_with("pg_"),
    }
}
