//! What a revision's `downgrade` leaves behind of its `upgrade`, or does not bring back.

use std::sync::Arc;

use imbl::OrdMap;
use imbl::ordmap::DiffItem;

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

/// Compares the schemas before `upgrade` and after `downgrade`: by names, where both are sure. A table or type that `downgrade`
/// makes itself may have been there before without our knowing: only what `upgrade` made is left behind.
pub fn leftovers(before: &Schema, upgraded: &Schema, after: &Schema) -> Vec<Leftover> {
    let mut res = Vec::new();
    for (from, to, what) in [(before, after, Difference::Lost), (after, before, Difference::Left)] {
        let mut add = |object: Object| {
            let origin = from.origin(&object);
            let is_part = !matches!(object, Object::Table(_) | Object::Type(_));
            if what == Difference::Lost || is_part || origin.is_some() && origin == upgraded.origin(&object) {
                let span = origin.map(|origin| origin.span).unwrap_or_default();
                res.push(Leftover { object, what: what.clone(), span });
            }
        };
        for (name, table, other) in changed(&from.tables, &to.tables) {
            let object = Object::Table(name.clone());
            match other {
                None if table.certainty == Certainty::Certain && !to.doubtful.contains(&object) => add(object),
                Some(other) if table.is_exact() && other.is_exact() => parts(name, table, other, &mut add),
                _ => {}
            }
        }
        for (name, ty, other) in changed(&from.enums, &to.enums) {
            let object = Object::Type(name.clone());
            let sure = ty.certainty == Certainty::Certain && !to.doubtful.contains(&object);
            if sure && other.is_none() {
                add(object);
            }
        }
    }
    for (name, table, other) in changed(&before.tables, &after.tables) {
        if let Some(other) = other.filter(|other| table.is_exact() && other.is_exact()) {
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

/// The entries of one map that the other has not, or has otherwise, with the other's. What they share is not walked.
fn changed<'a, T: Eq>(
    of: &'a OrdMap<Name, Arc<T>>,
    other: &'a OrdMap<Name, Arc<T>>,
) -> impl Iterator<Item = (&'a Name, &'a T, Option<&'a T>)> {
    of.diff(other).filter_map(|item| match item {
        DiffItem::Remove(name, own) => Some((name, &**own, None)),
        DiffItem::Update { old: (name, own), new: (_, other) } => Some((name, &**own, Some(&**other))),
        DiffItem::Add(..) => None,
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
