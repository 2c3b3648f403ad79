//! What a revision's `downgrade` leaves behind of its `upgrade`, or does not bring back.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::schema::{Certainty, Name, Object, Schema, Table};
use crate::source::Span;

/// Something that is there for sure before, or after, and not the other time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    pub object: Object,
    /// It was there before and is not brought back; otherwise it is left behind.
    pub lost: bool,
    /// Where it is made, by this revision or, when it is lost, an earlier one.
    pub span: Span,
}

/// Compares the schemas before `upgrade` and after `downgrade`: by names, where both are sure. A table or type that `downgrade`
/// makes itself may have been there before without our knowing: only what `upgrade` made is left behind.
pub fn leftovers(before: &Schema, upgraded: &Schema, after: &Schema) -> Vec<Leftover> {
    let mut res = Vec::new();
    for (from, to, lost) in [(before, after, true), (after, before, false)] {
        let mut add = |object: Object| {
            let origin = from.origin(&object);
            let is_part = !matches!(object, Object::Table(_) | Object::Type(_));
            if lost || is_part || origin.is_some() && origin == upgraded.origin(&object) {
                let span = origin.map(|origin| origin.span).unwrap_or_default();
                res.push(Leftover { object, lost, span });
            }
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
    res
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
