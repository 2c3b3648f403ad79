//! Indexes, unique constraints and foreign keys (`_compare_indexes_and_uniques`, `_compare_foreign_keys`).
//!
//! Indexes and unique constraints that have names are compared by these; a unique constraint without one is there if any has its columns,
//! in whatever order; of foreign keys only what they do counts. What may or may not be there answers a wish, and is never too many.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Comparison, Pair, What};
use crate::schema::{Certainty, Constraint, ConstraintKind, Index, Name, Object, Reference, Schema, Table};

type Columns<'a> = BTreeSet<&'a str>;

impl<'a> Comparison<'a> {
    pub(super) fn compare_indexes(&mut self, pair: Pair<'a>) {
        let Pair { there, wanted, complete } = pair;
        for index in &wanted.indexes {
            if index.certainty == Certainty::Maybe {
                continue;
            }
            let origin = index.origin.or(wanted.origin);
            match (there.index(&index.name), unique(there, &index.name)) {
                (Some(own), _) => {
                    if own.certainty == Certainty::Certain && indexes_differ(own, index) {
                        self.push(What::RemoveIndex(own.clone()), origin, None, Vec::new());
                        self.push(What::AddIndex(index.clone()), origin, None, Vec::new());
                    }
                }
                (None, Some(constraint)) => {
                    if constraint.certainty == Certainty::Certain {
                        self.push(What::RemoveConstraint(constraint.clone()), origin, None, Vec::new());
                        self.push(What::AddIndex(index.clone()), origin, None, Vec::new());
                    }
                }
                (None, None) => {
                    let object = Object::Index(self.name.sibling(&index.name));
                    let doubtful = there.doubtful.contains(&index.name) || self.database.doubtful.contains(&object);
                    if complete && !doubtful {
                        self.push(What::AddIndex(index.clone()), origin, None, Vec::new());
                    }
                }
            }
        }
        for index in &there.indexes {
            let listed = wanted.index(&index.name).is_some() || unique(wanted, &index.name).is_some();
            let unlisted = wanted.opaque || wanted.unnamed || wanted.doubtful.contains(&index.name);
            if index.certainty == Certainty::Certain && !listed && !unlisted {
                self.push(What::RemoveIndex(index.clone()), wanted.origin, None, Vec::new());
            }
        }
    }

    pub(super) fn compare_uniques(&mut self, pair: Pair<'a>) {
        let Pair { there, wanted, complete } = pair;
        let mut added: Vec<Columns> = Vec::new();
        for constraint in uniques(wanted) {
            let origin = constraint.origin.or(wanted.origin);
            let columns = columns(constraint);
            let same = |own: &&Constraint| own.columns.is_empty() || columns == self::columns(own);
            let add = What::AddConstraint(constraint.clone());
            let Some(name) = &constraint.name else {
                let missing = complete && !columns.is_empty() && !uniques(there).any(|own| same(&own));
                if missing && !added.contains(&columns) {
                    added.push(columns);
                    self.push(add, origin, None, Vec::new());
                }
                continue;
            };
            match (unique(there, name), there.index(name)) {
                (Some(own), _) => {
                    if own.certainty == Certainty::Certain && !columns.is_empty() && !same(&own) {
                        self.push(What::RemoveConstraint(own.clone()), origin, None, Vec::new());
                        self.push(add, origin, None, Vec::new());
                    }
                }
                (None, Some(index)) => {
                    if index.certainty == Certainty::Certain {
                        self.push(What::RemoveIndex(index.clone()), origin, None, Vec::new());
                        self.push(add, origin, None, Vec::new());
                    }
                }
                (None, None) => {
                    let is_unsure = |own: &&Constraint| own.certainty == Certainty::Maybe || own.name.is_none();
                    let perhaps = uniques(there).filter(is_unsure).any(|own| columns.is_empty() || same(&own));
                    if complete && !perhaps && !there.doubtful.contains(name) {
                        self.push(add, origin, None, Vec::new());
                    }
                }
            }
        }
        for constraint in uniques(there).filter(|own| own.certainty == Certainty::Certain) {
            let Some(name) = &constraint.name else { continue };
            let same = |own: &Constraint| own.columns.is_empty() || columns(own) == columns(constraint);
            let is_wanted = unique(wanted, name).is_some()
                || wanted.index(name).is_some()
                || uniques(wanted).any(|own| own.name.is_none() && same(own))
                || constraint.columns.is_empty();
            if !is_wanted && !wanted.opaque && !wanted.doubtful.contains(name) {
                self.push(What::RemoveConstraint(constraint.clone()), wanted.origin, None, Vec::new());
            }
        }
    }

    pub(super) fn compare_foreign_keys(&mut self, pair: Pair<'a>) {
        let Pair { there, wanted, complete } = pair;
        let mut removed = Vec::new();
        for (constraint, reference) in foreign_keys(there) {
            let answers = |(own, wish): (&Constraint, &Reference)| self.same(constraint, reference, own, wish);
            let is_wanted = foreign_keys(wanted).any(answers);
            let doubtful = constraint.name.as_ref().is_some_and(|name| wanted.doubtful.contains(name));
            if constraint.certainty == Certainty::Certain && !is_wanted && !wanted.opaque && !doubtful {
                removed.push(What::RemoveConstraint(constraint.clone()));
            }
        }
        let mut added: Vec<(&Constraint, &Reference)> = Vec::new();
        for (constraint, wish) in foreign_keys(wanted) {
            let answers = |(own, reference): (&Constraint, &Reference)| self.same(own, reference, constraint, wish);
            let known = !constraint.columns.is_empty() && !wish.table.name.is_empty();
            // one that may be there in another form
            let perhaps = |(own, reference): (&Constraint, &Reference)| {
                own.certainty == Certainty::Maybe
                    && (own.columns.is_empty() || own.columns == constraint.columns)
                    && (reference.table == wish.table || reference.table.name.is_empty())
            };
            let doubtful = constraint.name.as_ref().is_some_and(|name| there.doubtful.contains(name));
            let twice = || added.iter().any(|(own, other)| own.columns == constraint.columns && *other == wish);
            if complete
                && known
                && !doubtful
                && !foreign_keys(there).any(|own| answers(own) || perhaps(own))
                && !twice()
            {
                added.push((constraint, wish));
            }
        }
        for what in removed {
            self.push(what, wanted.origin, None, Vec::new());
        }
        for (constraint, _) in added {
            let origin = constraint.origin.or(wanted.origin);
            self.push(What::AddConstraint(constraint.clone()), origin, None, Vec::new());
        }
    }

    /// Whether a foreign key of the database is one that the models want; where that cannot be told, it is.
    fn same(&self, there: &Constraint, reference: &Reference, wanted: &Constraint, wish: &Reference) -> bool {
        let same_columns = there.columns.is_empty() || wanted.columns.is_empty() || there.columns == wanted.columns;
        let unknown_target = reference.table.name.is_empty() || wish.table.name.is_empty();
        let points_alike = || {
            let here = target(reference, self.database).or_else(|| target(reference, self.models));
            let (one, other) = (here, target(wish, self.models).or_else(|| target(wish, self.database)));
            reference.table == wish.table && one.zip(other).is_none_or(|(one, other)| one == other)
        };
        same_columns
            && (unknown_target
                || points_alike()
                    && reference.deferral == wish.deferral
                    && action(&reference.on_delete) == action(&wish.on_delete)
                    && action(&reference.on_update) == action(&wish.on_update))
    }
}

fn uniques(table: &Table) -> impl Iterator<Item = &Constraint> {
    table.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::Unique)
}

fn unique<'t>(table: &'t Table, name: &str) -> Option<&'t Constraint> {
    uniques(table).find(|constraint| constraint.name.as_deref() == Some(name))
}

fn columns(constraint: &Constraint) -> Columns<'_> {
    constraint.columns.iter().map(|column| &**column).collect()
}

fn foreign_keys(table: &Table) -> impl Iterator<Item = (&Constraint, &Reference)> {
    table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::Foreign(reference) => Some((constraint, reference)),
        _ => None,
    })
}

/// The columns that a foreign key points at; `None` when they cannot be told.
fn target<'s>(reference: &'s Reference, schema: &'s Schema) -> Option<&'s [Arc<str>]> {
    if !reference.columns.is_empty() {
        return Some(&reference.columns);
    }
    let table = schema.tables.get::<Name>(&reference.table)?;
    let primary = table.constraints.iter().find(|own| own.kind == ConstraintKind::Primary)?;
    Some(&primary.columns).filter(|columns| !columns.is_empty()).map(|columns| &columns[..])
}

/// NO ACTION is what happens anyway.
fn action(action: &Option<Arc<str>>) -> Option<String> {
    action.as_ref().map(|action| action.to_ascii_lowercase()).filter(|action| action != "no action")
}

/// By what is known of the columns: an expression may be any.
fn indexes_differ(there: &Index, wanted: &Index) -> bool {
    let differ = |(there, wanted): (&Option<Arc<str>>, &Option<Arc<str>>)| {
        there.as_ref().zip(wanted.as_ref()).is_some_and(|(there, wanted)| there != wanted)
    };
    let is_column = |at: usize| [there, wanted].iter().all(|index| matches!(index.columns.get(at), Some(Some(_))));
    there.unique != wanted.unique
        || there.columns.len() != wanted.columns.len()
        || there.columns.iter().zip(&wanted.columns).any(differ)
        || (0..wanted.columns.len()).any(|at| is_column(at) && there.order(at) != wanted.order(at))
}
