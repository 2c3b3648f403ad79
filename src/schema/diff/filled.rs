//! A database where nothing is in doubt that the models can tell. Before a commit adds to either, the one is as the other; so what is not
//! known of the database is taken from the models, and what the commit adds to either is then told apart for certain.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::values::named;
use crate::schema::{
    Certainty, Column, Comment, Constraint, ConstraintKind, Default, EnumType, Index, Name, Object, Rows, Schema,
    Table, Type,
};

/// The database, and where it is not certain what it holds, what `models` declare. What is certain stays, drift included. Operations can
/// be applied to it as to any other.
pub fn filled(database: &Schema, models: &Schema) -> Schema {
    let mut res = database.clone();
    for (name, declared) in models.tables.iter().filter(|(_, declared)| declared.certainty == Certainty::Certain) {
        match database.tables.get(name) {
            None if is_certainly_missing(database, name) => {}
            None => res.list_table(name, inserted(declared)),
            Some(there) if is_known(there) => {}
            Some(there) => res.list_table(name, merged(there, declared, database.open)),
        }
    }
    fill_enums(&mut res, models);
    res.complete();
    res
}

fn is_certainly_missing(database: &Schema, name: &Name) -> bool {
    database.lists_all_tables(&name.schema) && !database.doubtful.contains(&Object::Table(name.clone()))
}

/// Whether nothing of a table is in doubt.
fn is_known(table: &Table) -> bool {
    let sure = |certainty| certainty == Certainty::Certain;
    table.is_exact()
        && table.doubtful.is_empty()
        && !table.unnamed
        && table.comment != Comment::Unknown
        && table.columns.iter().all(is_known_column)
        && table.indexes.iter().all(|index| sure(index.certainty))
        && table.constraints.iter().all(|constraint| sure(constraint.certainty) && constraint.name.is_some())
}

fn is_known_column(column: &Column) -> bool {
    column.certainty == Certainty::Certain
        && column.ty != Type::Unknown
        && column.comment != Comment::Unknown
        && column.default != Default::Unknown
}

/// A table as the models declare it. No revision has made it, or anything of it.
fn inserted(declared: &Table) -> Table {
    Table {
        columns: declared.columns.iter().map(unmade_column).collect(),
        constraints: declared.constraints.iter().map(unmade_constraint).collect(),
        indexes: declared.indexes.iter().map(unmade_index).collect(),
        certainty: Certainty::Certain,
        opaque: declared.opaque,
        rows: Rows::Possible,
        origin: None,
        doubtful: declared.doubtful.clone(),
        // what the database calls them, the models need not know
        unnamed: true,
        comment: declared.comment.clone(),
    }
}

/// What is known of a table, and for the rest what the models declare.
fn merged(there: &Table, declared: &Table, open: bool) -> Table {
    let is_foreign = there.opaque && there.origin.is_none() && !open;
    if !there.is_exact() && !is_foreign {
        return Table { origin: there.origin, rows: there.rows, ..inserted(declared) };
    }
    let complete = there.is_exact();
    let mut res = there.clone();
    res.certainty = Certainty::Certain;
    res.opaque = !complete && declared.opaque;
    if res.comment == Comment::Unknown {
        res.comment = declared.comment.clone();
    }
    res.doubtful.retain(|name| !declares(declared, name));
    for wish in &declared.columns {
        match res.columns.iter_mut().find(|own| own.name == wish.name) {
            Some(own) => fill_column(own, wish),
            None if complete && !there.doubtful.contains(&wish.name) => {}
            None => res.columns.push(unmade_column(wish)),
        }
    }
    fill_indexes(&mut res, there, declared, complete);
    fill_constraints(&mut res, there, declared, complete);
    res
}

fn declares(table: &Table, name: &str) -> bool {
    table.column(name).is_some() || table.constraint(name).is_some() || table.index(name).is_some()
}

fn fill_column(own: &mut Column, wish: &Column) {
    if own.certainty == Certainty::Maybe {
        *own = Column { origin: own.origin, required: own.required, ..wish.clone() };
        return;
    }
    if own.ty == Type::Unknown {
        own.ty = wish.ty.clone();
    }
    if own.comment == Comment::Unknown {
        own.comment = wish.comment.clone();
    }
    if own.default == Default::Unknown {
        own.default = wish.default.clone();
    }
}

fn fill_indexes(table: &mut Table, there: &Table, declared: &Table, complete: bool) {
    for wish in &declared.indexes {
        match table.indexes.iter_mut().find(|own| own.name == wish.name) {
            Some(own) if own.certainty == Certainty::Maybe => *own = Index { origin: own.origin, ..wish.clone() },
            Some(_) => {}
            None if complete && !there.unnamed && !there.doubtful.contains(&wish.name) => {}
            None => table.indexes.push(unmade_index(wish)),
        }
    }
}

/// One that the models declare takes the place of one that may be it.
fn fill_constraints(table: &mut Table, there: &Table, declared: &Table, complete: bool) {
    for wish in &declared.constraints {
        if table.constraints.iter().any(|own| own.certainty == Certainty::Certain && is_one(own, wish)) {
            continue;
        }
        let unsure = |own: &Constraint| own.certainty == Certainty::Maybe || own.name.is_none();
        let doubtful = wish.name.as_ref().is_some_and(|name| there.doubtful.contains(name));
        match table.constraints.iter_mut().find(|own| unsure(own) && may_be(own, wish)) {
            Some(own) => {
                let name = wish.name.clone().or_else(|| own.name.clone());
                *own = Constraint { origin: own.origin, certainty: Certainty::Certain, name, ..wish.clone() };
            }
            None if complete && !doubtful => {}
            None => table.constraints.push(unmade_constraint(wish)),
        }
    }
}

fn is_one(own: &Constraint, wish: &Constraint) -> bool {
    let same_name = own.name.is_some() && own.name == wish.name;
    match (&own.kind, &wish.kind) {
        (ConstraintKind::Primary, ConstraintKind::Primary) => true,
        (ConstraintKind::Unique, ConstraintKind::Unique) => same_name || wish.name.is_none() && same_columns(own, wish),
        (ConstraintKind::Foreign(one), ConstraintKind::Foreign(other)) => {
            same_name || own.columns == wish.columns && one.table == other.table
        }
        (ConstraintKind::Check, ConstraintKind::Check) | (ConstraintKind::Exclude, ConstraintKind::Exclude) => {
            same_name
        }
        _ => false,
    }
}

fn may_be(own: &Constraint, wish: &Constraint) -> bool {
    let alike = own.columns.is_empty() || same_columns(own, wish);
    match (&own.kind, &wish.kind) {
        (ConstraintKind::Foreign(one), ConstraintKind::Foreign(other)) => alike && one.table == other.table,
        (one, other) => alike && one == other,
    }
}

fn same_columns(one: &Constraint, other: &Constraint) -> bool {
    let columns = |constraint: &Constraint| -> BTreeSet<Arc<str>> { constraint.columns.iter().cloned().collect() };
    columns(one) == columns(other)
}

fn unmade_column(column: &Column) -> Column {
    Column { origin: None, required: None, ..column.clone() }
}

fn unmade_index(index: &Index) -> Index {
    Index { origin: None, ..index.clone() }
}

fn unmade_constraint(constraint: &Constraint) -> Constraint {
    Constraint { origin: None, ..constraint.clone() }
}

/// The values of types that the database has, or may have, and that it does not tell.
fn fill_enums(schema: &mut Schema, models: &Schema) {
    let columns = schema.tables.values().flat_map(|table| &table.columns);
    let used: BTreeSet<Name> = columns.filter_map(|column| named(&column.ty)).cloned().collect();
    for (name, declared) in &models.enums {
        let object = Object::Type(name.clone());
        let unknown = match schema.enums.get(name) {
            Some(there) => there.certainty == Certainty::Maybe || there.values.is_none(),
            None => schema.open || schema.doubtful.contains(&object) || used.contains(name),
        };
        if unknown {
            let origin = schema.enums.get(name).and_then(|there| there.origin);
            schema.enums.insert(name.clone(), Arc::new(EnumType { origin, ..EnumType::clone(declared) }));
            schema.doubtful.remove(&object);
        }
    }
}
