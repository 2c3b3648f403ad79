//! What a revision's `downgrade` leaves behind of its `upgrade`, or does not bring back.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::schema::{Certainty, Column, Name, Object, Schema, Table, Type};
use crate::source::Span;

/// Something that is there for sure before, or after, and not the other time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    pub object: Object,
    pub what: Difference,
    /// Where it is made, by this revision or, when it is lost, an earlier one.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It was not there before.
    Left,
    /// It was there before.
    Lost,
    /// A column is not as it was.
    Altered { was: String, is: String },
}

/// Compares the schemas before `upgrade` and after `downgrade`: by names, where both are sure.
pub fn leftovers(before: &Schema, after: &Schema) -> Vec<Leftover> {
    let mut res = Vec::new();
    for (from, to, what) in [(before, after, Difference::Lost), (after, before, Difference::Left)] {
        let mut add = |object: Object| {
            let span = from.origin(&object).map(|origin| origin.span).unwrap_or_default();
            res.push(Leftover { object, what: what.clone(), span });
        };
        for (name, table) in only_new(&from.tables, &to.tables) {
            let object = Object::Table(name.clone());
            match to.tables.get(name) {
                None if table.certainty == Certainty::Certain && !to.doubtful.contains(&object) => add(object),
                Some(other) if table.is_exact() && other.is_exact() => parts(name, table, other, &mut add),
                _ => {}
            }
        }
        for (name, ty) in only_new(&from.enums, &to.enums) {
            let object = Object::Type(name.clone());
            let sure = ty.certainty == Certainty::Certain && !to.doubtful.contains(&object);
            if sure && !to.enums.contains_key(name) {
                add(object);
            }
        }
    }
    for (name, table) in only_new(&before.tables, &after.tables) {
        if let Some(other) = after.tables.get(name).filter(|other| table.is_exact() && other.is_exact()) {
            res.extend(table.columns.iter().filter_map(|column| altered(name, column, other.column(&column.name)?)));
        }
    }
    res
}

/// A column of another type than before, or nullable when it was not.
fn altered(table: &Name, before: &Column, after: &Column) -> Option<Leftover> {
    let sure = before.certainty.min(after.certainty) == Certainty::Certain;
    let types_known = before.ty != Type::Unknown && after.ty != Type::Unknown;
    let (was, is) = match () {
        () if !sure => return None,
        () if types_known && before.ty != after.ty => (before.ty.to_string(), after.ty.to_string()),
        () if before.nullable != after.nullable => (null(before), null(after)),
        () => return None,
    };
    let object = Object::Column(table.clone(), before.name.clone());
    Some(Leftover { object, what: Difference::Altered { was, is }, span: Span::default() })
}

fn null(column: &Column) -> String {
    if column.nullable { "nullable" } else { "NOT NULL" }.to_owned()
}

/// The entries of one map that the other does not share.
fn only_new<'a, T>(
    of: &'a BTreeMap<Name, Arc<T>>,
    other: &'a BTreeMap<Name, Arc<T>>,
) -> impl Iterator<Item = (&'a Name, &'a Arc<T>)> {
    let mut others = other.iter().peekable();
    of.iter().filter(move |(name, own)| {
        while others.next_if(|(at, _)| at < name).is_some() {}
        !others.peek().is_some_and(|(at, other)| at == name && Arc::ptr_eq(own, other))
    })
}

/// What one table has and the other, of the same name, has not.
fn parts(name: &Name, table: &Table, other: &Table, add: &mut impl FnMut(Object)) {
    let doubtful = |part: &Arc<str>| other.doubtful.contains(part);
    for column in table.columns.iter().filter(|column| column.certainty == Certainty::Certain) {
        if other.column(&column.name).is_none() && !doubtful(&column.name) {
            add(Object::Column(name.clone(), column.name.clone()));
        }
    }
    if table.unnamed || other.unnamed {
        return;
    }
    for constraint in table.constraints.iter().filter(|constraint| constraint.certainty == Certainty::Certain) {
        if let Some(own) = constraint.name.as_ref().filter(|own| other.constraint(own).is_none() && !doubtful(own)) {
            add(Object::Constraint(name.clone(), own.clone()));
        }
    }
    for index in table.indexes.iter().filter(|index| index.certainty == Certainty::Certain) {
        if other.index(&index.name).is_none() && !doubtful(&index.name) {
            add(Object::Index(name.sibling(&index.name)));
        }
    }
}
