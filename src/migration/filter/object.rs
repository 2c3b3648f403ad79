//! Which objects a change is about, as Alembic hands them to the filters of `env.py` (`autogenerate/compare`).

use std::collections::HashSet;
use std::sync::Arc;

use crate::schema::{Change, Constraint, ConstraintKind, Index, Name, What};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    Table,
    Column,
    Index,
    Unique,
    Foreign,
    Check,
}

impl ObjectKind {
    /// The `type_` of a filter.
    pub fn name(self) -> &'static str {
        match self {
            ObjectKind::Table => "table",
            ObjectKind::Column => "column",
            ObjectKind::Index => "index",
            ObjectKind::Unique => "unique_constraint",
            ObjectKind::Foreign => "foreign_key_constraint",
            ObjectKind::Check => "check_constraint",
        }
    }

    /// What SQLAlchemy calls such an object.
    pub fn class(self) -> &'static str {
        match self {
            ObjectKind::Table => "Table",
            ObjectKind::Column => "Column",
            ObjectKind::Index => "Index",
            ObjectKind::Unique => "UniqueConstraint",
            ObjectKind::Foreign => "ForeignKeyConstraint",
            ObjectKind::Check => "CheckConstraint",
        }
    }
}

/// One object that filters are asked about.
#[derive(Clone, Debug)]
pub struct Object {
    pub kind: ObjectKind,
    pub name: Option<Arc<str>>,
    pub table: Name,
    /// Of an index or constraint; empty when they are not known.
    pub columns: Vec<Arc<str>>,
    pub unique: Option<bool>,
    /// The object is the database's, and not the models'.
    pub reflected: bool,
    /// There is one on the other side.
    pub is_compared: bool,
    /// The database has it.
    pub in_database: bool,
}

/// What a change is about: its table first, since one that is hidden hides all that it holds.
pub fn objects(change: &Change, again: &HashSet<(Name, Arc<str>)>) -> Vec<Object> {
    let table = |reflected: bool, is_compared: bool| Object {
        kind: ObjectKind::Table,
        name: Some(change.table.name.clone()),
        table: change.table.clone(),
        columns: Vec::new(),
        unique: None,
        reflected,
        is_compared,
        in_database: reflected || is_compared,
    };
    let inner = |kind: ObjectKind, name: Option<Arc<str>>, side: Side| Object {
        kind,
        name,
        reflected: side == Side::Database,
        is_compared: side == Side::Both,
        in_database: side != Side::Models,
        ..table(false, true)
    };
    let again = |name: Option<&Arc<str>>, side: Side| match name {
        Some(name) if again.contains(&(change.table.clone(), name.clone())) => Side::Both,
        _ => side,
    };
    let index = |index: &Index, side: Side| Object {
        columns: index.columns.iter().flatten().cloned().collect(),
        unique: Some(index.unique),
        ..inner(ObjectKind::Index, Some(index.name.clone()), again(Some(&index.name), side))
    };
    let constraint = |constraint: &Constraint, side: Side| {
        let kind = match constraint.kind {
            ConstraintKind::Foreign(_) => ObjectKind::Foreign,
            ConstraintKind::Check | ConstraintKind::Exclude => ObjectKind::Check,
            ConstraintKind::Unique | ConstraintKind::Primary => ObjectKind::Unique,
        };
        let side = again(constraint.name.as_ref(), side);
        Object { columns: constraint.columns.clone(), ..inner(kind, constraint.name.clone(), side) }
    };
    let column = |name: &Arc<str>, side: Side| inner(ObjectKind::Column, Some(name.clone()), side);
    let second = match &change.what {
        What::AddTable(_) => return vec![table(false, false)],
        What::RemoveTable => return vec![table(true, false)],
        What::AddColumn(added) => column(&added.name, Side::Models),
        What::RemoveColumn(name) => column(name, Side::Database),
        What::ModifyType { column: name, .. }
        | What::ModifyNullable { column: name, .. }
        | What::ModifyDefault { column: name, .. }
        | What::ModifyComment { column: Some(name), .. } => column(name, Side::Both),
        What::AddIndex(added) => index(added, Side::Models),
        What::RemoveIndex(removed) => index(removed, Side::Database),
        What::AddConstraint(added) => constraint(added, Side::Models),
        What::RemoveConstraint(removed) => constraint(removed, Side::Database),
        What::ModifyComment { column: None, .. } | What::AddEnumValue { .. } | What::RemoveEnumValue { .. } => {
            return vec![table(false, true)];
        }
    };
    vec![table(false, true), second]
}

/// Who has it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Models,
    Database,
    Both,
}
