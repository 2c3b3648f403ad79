//! Applies operations to a schema and says what PostgreSQL 15 (or SQLAlchemy, before it) would say: a simulated database. What
//! order operations come in, and where they were written, is the caller's affair.
//!
//! An operation without guards is taken to have succeeded: what it says of its object is certain from then on, whatever was known
//! before. A guarded one leaves its object in doubt. Where that matters, two databases are simulated at once (see [`Runs`]).

mod columns;
mod constraints;
mod enums;
mod indexes;
mod known;
mod listing;
mod literals;
mod names;
mod others;
mod retype;
mod rows;
mod tables;
#[cfg(test)]
mod tests;
mod touched;

use std::collections::BTreeSet;
use std::sync::Arc;

pub(crate) use known::Memory;

use super::{
    Action, Certainty, ConstraintKind, EnumDef, Error, Fault, Guard, Name, Object, Op, Origin, Runs, Schema, Statement,
    Touches,
};
use crate::source::Span;

/// What an operation's outcome depends on besides the schema.
#[derive(Clone, Debug)]
pub struct Context {
    /// The number of the revision in its graph.
    pub revision: usize,
    /// The revision has no ancestors: what it touches and nobody made may have been there before the history.
    pub base: bool,
    /// Whether the project runs on PostgreSQL; on others only what SQLAlchemy itself refuses is a fault.
    pub postgresql: bool,
    /// SQLAlchemy's version, major and minor.
    pub sqlalchemy: Option<(u32, u32)>,
    pub transactions: Transactions,
    /// Names of the enum types that some revision of the graph makes. A type that is known by name alone (in SQL text) may come
    /// from an extension, and is missing for sure only if it is one of these.
    pub enums: Arc<BTreeSet<Name>>,
}

/// How `env.py` lays transactions around revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transactions {
    /// One around the whole run: Alembic's default.
    WholeRun,
    /// `transaction_per_migration=True`.
    PerMigration,
    /// One of these two.
    Unknown,
    /// None: each statement stands for itself, or that cannot be excluded.
    Off,
}

/// What is to be said of an operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Fault(Fault),
    Risk(Risk),
}

/// An operation that need not fail, but should not be done unawares.
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    pub kind: RiskKind,
    pub span: Span,
    /// What it is about, and where that was made.
    pub related: Vec<(Object, Origin)>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum RiskKind {
    /// `DROP TYPE … CASCADE`, and the columns that go with it.
    DropTypeCascade { ty: Name, columns: Vec<(Name, Arc<str>)> },
    /// A column becomes NOT NULL without a default on a table that may have rows; `added`: it is new.
    NotNullWithoutDefault { table: Name, column: Arc<str>, added: bool },
    /// `sa.Enum(create_type=False)`: SQLAlchemy before 2.1 makes the type all the same.
    IgnoredCreateType { ty: Name },
    /// A table or type that no ancestor speaks of, in a history that does not make all that it uses: it may have been there from the
    /// beginning. Not so if a revision elsewhere makes it.
    Unheard { object: Object, statement: Statement },
}

impl Schema {
    /// A run of its own begins: nothing was done yet in this run and transaction. The upgrade to an empty database begins with
    /// `Schema::default()`; a downgrade begins with this.
    pub fn begin_run(&mut self) {
        self.memory.begin_run();
    }

    /// A revision begins. Call it before the revision's first operation.
    pub fn begin_revision(&mut self, context: &Context) {
        self.memory.begin_revision(context);
    }

    /// Applies one operation, and tells what is to be said of it. After a fault the schema is what was meant, so that one mistake is
    /// told once. Nothing is said of guarded operations.
    ///
    /// A guard that asks for an object is decided by what is known best. One that cannot be told counts as holding, for creating and
    /// dropping alike: what is written in a migration is mostly there to be run, and of `try:` and of `if dialect == …` that is
    /// nearly always right. Either way what the operation touches is in doubt afterwards, until an unguarded operation settles it.
    pub fn apply(&mut self, op: &Op, context: &Context) -> Vec<Event> {
        if let Some(definition) = made_if_missing(op) {
            let action = Action::CreateEnum { definition: definition.clone(), if_missing: true };
            return self.apply(&Op { action, span: op.span, guards: Vec::new() }, context);
        }
        let holds = op.guards.iter().all(|guard| match guard {
            Guard::Exists { object, holds } => self.seems_there(object) == *holds,
            Guard::Unknown => true,
        });
        let certainty = if op.guards.is_empty() { Certainty::Certain } else { Certainty::Maybe };
        let mut applier = Applier { schema: self, context, span: op.span, certainty, events: Vec::new() };
        if holds {
            applier.run(&op.action);
        }
        let events = applier.events;
        if certainty == Certainty::Maybe {
            touched::by(&op.action).iter().for_each(|object| self.doubt(object));
        }
        events
    }
}

/// An enum type that is made unless it is there: whichever it was, it is there afterwards.
fn made_if_missing(op: &Op) -> Option<&EnumDef> {
    match (&op.action, op.guards.as_slice()) {
        (
            Action::CreateEnum { definition, if_missing: false },
            [Guard::Exists { object: Object::Type(name), holds: false }],
        ) if *name == definition.name => Some(definition),
        _ => None,
    }
}

/// One operation being applied.
struct Applier<'a> {
    schema: &'a mut Schema,
    context: &'a Context,
    span: Span,
    /// Maybe: it is guarded.
    certainty: Certainty,
    events: Vec<Event>,
}

impl Applier<'_> {
    fn run(&mut self, action: &Action) {
        match action {
            Action::CreateTable(table) => self.create_table(table),
            Action::DropTable { name, if_exists, cascade } => self.drop_table(name, *if_exists, *cascade),
            Action::RenameTable { name, to, if_exists } => self.rename_table(name, to, *if_exists),
            Action::AddColumn { table, column, if_not_exists } => self.add_column(table, column, *if_not_exists),
            Action::DropColumn { table, column, if_exists, cascade } => {
                self.drop_column(table, column, *if_exists, *cascade);
            }
            Action::AlterColumn { table, column, retype, nullable, default, rename } => {
                self.alter_column(table, column, retype.as_ref(), *nullable, default.as_ref(), rename.as_ref());
            }
            Action::AddConstraint { table, constraint } => {
                if self.reach(table, Statement::Alter) {
                    if let ConstraintKind::Foreign(reference) = &constraint.kind {
                        self.mention(&reference.table, Statement::Create);
                    }
                    self.check_columns(table, constraint, true);
                    self.add_constraint(table, constraint);
                }
            }
            Action::DropConstraint { table, name, if_exists, cascade } => {
                self.drop_constraint(table, name.as_ref(), *if_exists, *cascade);
            }
            Action::RenameConstraint { table, name, to } => self.rename_constraint(table, name, to),
            Action::CreateIndex { table, index } => self.create_index(table, index),
            Action::DropIndex { name, table, if_exists, cascade: _, concurrently } => {
                self.drop_index(name, table.as_ref(), *if_exists, *concurrently);
            }
            Action::RenameIndex { name, to, if_exists } => self.rename_index(name, to, *if_exists),
            Action::CreateEnum { definition, if_missing } => self.create_enum(definition, *if_missing),
            Action::DropType { name, if_exists, cascade } => self.drop_type(name, *if_exists, *cascade),
            Action::RenameType { name, to } => self.move_type(name, &name.sibling(to)),
            Action::AddEnumValue { ty, value, if_not_exists, before, after } => {
                self.add_enum_value(ty, value, *if_not_exists, before.as_ref(), after.as_ref());
            }
            Action::RenameEnumValue { ty, from, to } => self.rename_enum_value(ty, from, to),
            Action::SetEnumValues { ty, values } => self.set_enum_values(ty, values.as_ref()),
            Action::CreateOther { kind, name, if_not_exists, or_replace } => {
                self.create_other(*kind, name, *if_not_exists || *or_replace);
            }
            Action::DropOther { kind, name, if_exists, cascade } => self.drop_other(*kind, name, *if_exists, *cascade),
            Action::RenameOther { kind, name, to } => self.move_other(*kind, name, &name.sibling(to)),
            Action::SetSchema { object, to } => self.set_schema(object, to.as_deref()),
            Action::Comment { table, column, comment } => self.comment(table, column.as_deref(), comment),
            Action::Insert { table, columns, rows, filled, compares } => {
                self.insert(table, columns.as_deref(), rows, filled);
                self.compare(std::slice::from_ref(table), compares);
            }
            Action::Update { table, assignments, compares } => {
                self.update(table, assignments);
                self.compare(std::slice::from_ref(table), compares);
            }
            Action::Delete { table, compares } => {
                self.delete(table);
                self.compare(std::slice::from_ref(table), compares);
            }
            Action::Select { tables, compares } => {
                tables.iter().for_each(|table| self.mention(table, Statement::Query));
                self.compare(tables, compares);
            }
            Action::Commit => self.schema.memory.commit(),
            Action::EnterAutocommit => self.schema.memory.autocommit(true),
            Action::LeaveAutocommit => self.schema.memory.autocommit(false),
            Action::Refused(error) => {
                self.fault(error.clone());
                // which one was meant cannot be told, and once it is named it will be gone
                if let Error::UnnamedConstraint { table } = error {
                    self.drop_constraint(table, None, false, false);
                }
            }
            Action::Unknown { touches: Touches::Objects(objects), .. } => {
                objects.iter().for_each(|object| self.schema.blur(object));
            }
            Action::Unknown { touches: Touches::Rows, .. } => self.schema.forget_rows(),
            Action::Unknown { touches: Touches::Anything, .. } => self.schema.open_up(),
            Action::Raise | Action::Nothing => {}
        }
    }

    fn fault(&mut self, error: Error) {
        self.fault_in(error, [true, true]);
    }

    /// A fault in some of the ways of running: `[all at once, one at a time]`.
    fn fault_in(&mut self, error: Error, [once, each]: [bool; 2]) {
        let runs = match (once, each) {
            (true, true) => Runs::Every,
            (true, false) => Runs::Once,
            (false, true) => Runs::Each,
            (false, false) => return,
        };
        let of_sqlalchemy = error.sqlstate().is_none();
        if self.certainty == Certainty::Certain && (self.context.postgresql || of_sqlalchemy) {
            let mut related = self.made(error.subjects());
            if matches!(error, Error::MissingValues { .. }) {
                related
                    .iter_mut()
                    .for_each(|(column, origin)| *origin = self.schema.required(column).unwrap_or(*origin));
            }
            self.events.push(Event::Fault(Fault { error, span: self.span, runs, related }));
        }
    }

    fn undefined(&mut self, object: Object, statement: Statement) {
        self.fault(Error::Undefined { object, statement });
    }

    fn duplicate(&mut self, object: Object) {
        self.fault(Error::Duplicate { object });
    }

    fn risk(&mut self, kind: RiskKind) {
        if self.certainty == Certainty::Certain && self.context.postgresql {
            let related = match &kind {
                RiskKind::DropTypeCascade { columns, .. } => {
                    columns.iter().map(|(table, column)| Object::Column(table.clone(), column.clone())).collect()
                }
                RiskKind::NotNullWithoutDefault { .. }
                | RiskKind::IgnoredCreateType { .. }
                | RiskKind::Unheard { .. } => Vec::new(),
            };
            let related = self.made(related);
            self.events.push(Event::Risk(Risk { kind, span: self.span, related }));
        }
    }

    fn made(&self, objects: Vec<Object>) -> Vec<(Object, Origin)> {
        // a type that is in the way may be that of a table
        let there = |object: Object| match object {
            Object::Type(name) if !self.schema.enums.contains_key(&name) => Object::Table(name),
            object => object,
        };
        objects
            .into_iter()
            .map(there)
            .filter_map(|object| Some((object.clone(), self.schema.origin(&object)?)))
            .collect()
    }

    fn origin(&self) -> Option<Origin> {
        Some(Origin { file: self.context.revision, span: self.span })
    }
}
