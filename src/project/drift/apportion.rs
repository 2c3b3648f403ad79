//! Which of several environments answers for a table that all of them may see.

use std::collections::BTreeSet;

use super::{Cause, Drift};
use crate::config::Environment;
use crate::project::Scope;
use crate::project::history::scheme;
use crate::schema::{Change, Name};

/// Where several environments have the same models, each answers for the tables that its migrations speak of; for those that no migration
/// does, the one that knows most of them.
pub fn apportion<'d>(drifts: impl IntoIterator<Item = &'d mut Drift>) {
    let mut drifts: Vec<&mut Drift> = drifts.into_iter().collect();
    let declares = |drift: &Drift, table: &Name| drift.models.schema.tables.contains_key(table);
    let n_known = |drift: &Drift| drift.known.iter().filter(|table| declares(drift, table)).count();
    let sizes: Vec<usize> = drifts.iter().map(|drift| n_known(drift)).collect();
    let mut mine: Vec<BTreeSet<Name>> = Vec::new();
    for (at, drift) in drifts.iter().enumerate() {
        let tables = drift.all.iter().chain(drift.new.iter().map(|item| &item.change)).map(|change| &change.table);
        let others = || drifts.iter().enumerate().filter(|(other, _)| *other != at);
        let is_mine = |table: &&Name| {
            drift.known.contains(*table)
                || others().all(|(other, drift)| {
                    !drift.known.contains(*table)
                        && (!declares(drift, table) || (sizes[at], other) > (sizes[other], at))
                })
        };
        mine.push(tables.filter(is_mine).cloned().collect());
    }
    let covered: Vec<Vec<Change>> = (0..drifts.len()).map(|at| covered(&drifts, at)).collect();
    for ((drift, mine), covered) in drifts.iter_mut().zip(mine).zip(covered) {
        drift.all.retain(|change| mine.contains(&change.table));
        drift.new.retain(|item| mine.contains(&item.change.table) && !covered.contains(&item.change));
    }
}

/// What the models ask of an environment and the migrations of another do, which migrate the same table: chains of revisions that follow
/// each other on one database, or a table that went from one to the other.
fn covered(drifts: &[&mut Drift], at: usize) -> Vec<Change> {
    let asked = drifts[at].new.iter().filter(|item| item.cause == Cause::Models).map(|item| &item.change);
    let does = |drift: &Drift, change: &Change| {
        drift.migrated.contains(&change.table) && !drift.new.iter().any(|item| item.change.asks_the_same(change))
    };
    let others = || drifts.iter().enumerate().filter(|(other, _)| *other != at);
    asked.filter(|change| others().any(|(_, drift)| does(drift, change))).cloned().collect()
}

/// Whether the same migrations are written for PostgreSQL as well, beside these: one `env.py` with a folder of revisions for each database.
pub(super) fn is_double(scope: &Scope) -> bool {
    let environment = &scope.environment;
    let is_beside =
        |other: &&Environment| other.script_location.is_some() && other.script_location == environment.script_location;
    let is_postgresql =
        |environment: &Environment| scheme(environment).is_some_and(|name| name.starts_with("postgres"));
    !is_postgresql(environment) && scope.parsed.environments().iter().filter(is_beside).any(is_postgresql)
}
