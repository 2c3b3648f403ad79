//! Where models and migrations part, and what of that a snapshot adds to its parents.

mod apportion;
mod told;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use anyhow::Result;

use super::models::Inputs;
use super::{History, Question, Scope, Tree, models};
use crate::config::{Environment, Settings};
use crate::git::Snapshot;
use crate::migration::Graph;
use crate::migration::replay::Target;
use crate::models::{Declared, Unknown};
use crate::schema::{Change, DiffOptions, Name, Schema, Table, diff, diff_tables, filled};
use crate::source::{RepoPath, Source};
use crate::threads::{beside, share_out};

use self::told::Told;

pub use self::apportion::apportion;

/// The differences between what migrations build and what models declare.
pub struct Drift {
    /// In the snapshot, and in none of its parents.
    pub new: Vec<NewDrift>,
    /// In the snapshot, as far as migrations and models are certain; those that are new as well.
    pub all: Vec<Change>,
    /// What the models declare in the snapshot.
    pub models: Declared,
    /// The tables that the migrations of the environment speak of.
    known: BTreeSet<Name>,
    /// The tables that the migrations of the snapshot change and that no parent's do.
    migrated: BTreeSet<Name>,
    /// Code that nobody can read, and that was not there or not like this in any parent; empty where migrations are new, too.
    pub unread: Vec<Unknown>,
}

pub struct NewDrift {
    pub change: Change,
    pub cause: Cause,
    /// Where the parent declared the table, if the snapshot does not.
    pub declared_in: Option<RepoPath>,
}

/// What was changed without the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Models,
    Migrations,
}

/// The snapshot that is checked.
struct Here<'s> {
    tree: &'s Tree,
    history: &'s History,
    /// What its migrations build.
    schema: Schema,
    models: Declared,
}

/// One of its parents.
struct Parent<'s> {
    tree: &'s Tree,
    /// `None`: the snapshot has all of its revisions as they are, and they do the same there.
    history: Option<&'s History>,
    models: Declared,
}

/// What is read of a parent.
struct Before<'s> {
    tree: &'s Tree,
    environment: &'s Environment,
    snapshot: &'s dyn Snapshot,
    inputs: Option<Inputs>,
}

impl Before<'_> {
    /// `None` where the snapshot has all of its revisions as they are, and they do the same there.
    fn history(&self, scope: &Scope, own: &History) -> Result<Option<History>> {
        let has_all = self.tree.graph.live().all(|at| scope.tree.holds(&self.tree.graph.nodes[at].script));
        if has_all && own.imports_the_same(self.snapshot)? {
            return Ok(None);
        }
        History::read(self.tree, self.environment, self.snapshot, |_| false).map(Some)
    }
}

impl Scope {
    /// What the models declare; `None` when there is no file that may declare a table.
    pub fn models(&self, snapshot: &dyn Snapshot, settings: &Settings) -> Result<Option<Declared>> {
        let inputs = models::gather(&self.environment, snapshot, settings, &self.parsed)?;
        Ok(inputs.map(|inputs| inputs.declared()))
    }

    /// Compares models and migrations; `None` when there are no models. Without `all`, also when the environment is only being
    /// introduced.
    pub fn compare(&self, question: &Question, settings: &Settings, all: bool) -> Result<Option<Drift>> {
        let compare = if all { self::all } else { drift };
        compare(self, question, settings)
    }
}

/// Compares an environment with what it was in the parents; `None` when there is nothing to compare.
pub(super) fn drift(scope: &Scope, question: &Question, settings: &Settings) -> Result<Option<Drift>> {
    // one that a parent does not have is only being introduced
    if scope.before.is_empty() || scope.before.iter().any(Option::is_none) || apportion::is_double(scope) {
        return Ok(None);
    }
    all(scope, question, settings)
}

/// The same where nothing need be new.
fn all(scope: &Scope, question: &Question, settings: &Settings) -> Result<Option<Drift>> {
    let gather = |environment, snapshot| models::gather(environment, snapshot, settings, &scope.parsed);
    let Some(inputs) = gather(&scope.environment, &*question.snapshot)? else { return Ok(None) };
    let mut before = Vec::new();
    for ((snapshot, located), tree) in question.parents.iter().zip(&scope.before).zip(&scope.parents) {
        if let Some(environment) = located {
            before.push(Before { tree, environment, snapshot: &**snapshot, inputs: gather(environment, &**snapshot)? });
        }
    }
    // what one side says need not be found out again for the other
    let mut sides = vec![Some(&inputs)];
    let mut side_of = Vec::new();
    for Before { inputs, .. } in &before {
        let known = |side: &Option<&Inputs>| match (side, inputs) {
            (Some(side), Some(inputs)) => side.are(inputs),
            (None, None) => true,
            _ => false,
        };
        let at = sides.iter().position(known).unwrap_or(sides.len());
        if at == sides.len() {
            sides.push(inputs.as_ref());
        }
        side_of.push(at);
    }
    let declare = |inputs: Vec<Option<&Inputs>>| {
        Ok(inputs.into_iter().map(|inputs| inputs.map(Inputs::declared).unwrap_or_default()).collect())
    };
    let known = scope.replayed.as_ref().map(|replayed| &replayed.history);
    let read = || {
        let read = match known {
            Some(_) => None,
            None => Some(History::read(&scope.tree, &scope.environment, &*question.snapshot, |_| false)?),
        };
        let Some(own) = read.as_ref().or(known) else { return Ok(None) };
        let others = before.iter().map(|parent| parent.history(scope, own)).collect::<Result<Vec<_>>>()?;
        let schema = own.schema_at(&scope.tree.graph, Target::Heads);
        Ok(Some((read, others, schema)))
    };
    let (declared, read) = beside(|| share_out(sides, 1, declare), read)?;
    let Some((read, others, schema)) = read else { return Ok(None) };
    let Some(history) = read.as_ref().or(known) else { return Ok(None) };
    let models_of = |side: usize| declared.get(side).cloned().unwrap_or_default();
    let here = Here { tree: &scope.tree, history, schema, models: models_of(0) };
    let parents: Vec<Parent> = before
        .iter()
        .zip(&others)
        .zip(side_of)
        .map(|((before, history), side)| Parent {
            tree: before.tree,
            history: history.as_ref(),
            models: models_of(side),
        })
        .collect();
    let options = inputs.comparison(history.is_postgresql());
    let mut drift = Drift::between(here, &parents, options)?;
    drift.leave_out(&inputs, settings);
    Ok(Some(drift))
}

impl Drift {
    /// Compares a snapshot with each of its parents: a difference is new when it is in none of them.
    fn between(here: Here, parents: &[Parent], options: DiffOptions) -> Result<Drift> {
        let steps: Vec<Step> = parents.iter().map(|parent| Step::new(&here, parent)).collect();
        let mut sides = vec![(&here.schema, &here.models.schema)];
        sides.extend(steps.iter().map(|step| (&step.after, &step.told.wanted)));
        let compare = |sides: Vec<(&Schema, &Schema)>| {
            Ok(sides.into_iter().map(|(database, models)| diff(database, models, options)).collect())
        };
        let mut changes = share_out(sides, 1, compare)?.into_iter();
        let all = changes.next().unwrap_or_default();
        let mut new: Option<Vec<NewDrift>> = None;
        let mut migrated = BTreeSet::new();
        for ((step, parent), changes) in steps.iter().zip(parents).zip(changes) {
            migrated.extend(step.changed());
            let found = step.drift(changes, parent, options);
            new = Some(match new {
                None => found,
                Some(known) => known
                    .into_iter()
                    .filter(|item| found.iter().any(|other| other.change.asks_the_same(&item.change)))
                    .collect(),
            });
        }
        let unread = told::unread(&here, parents);
        let known = here.schema.tables.keys().cloned().collect();
        drop(steps);
        Ok(Drift { new: new.unwrap_or_default(), all, models: here.models, known, migrated, unread })
    }

    /// Drops what `env.py` or the settings leave out, or may leave out.
    fn leave_out(&mut self, inputs: &Inputs, settings: &Settings) {
        let counting = |changes| inputs.counting(changes, &self.models, &settings.models.ignore_tables);
        let new = counting(self.new.iter().map(|item| item.change.clone()).collect());
        self.all = counting(std::mem::take(&mut self.all));
        self.new.retain(|item| new.contains(&item.change));
    }

    pub fn table(&self, name: &Name) -> Option<&Arc<Table>> {
        self.models.schema.tables.get(name)
    }

    /// The file that an origin counts.
    pub fn source(&self, file: usize) -> Option<&Arc<Source>> {
        self.models.sources.get(file)
    }
}

/// What a database that a parent brought up to date holds, and what the snapshot makes of it.
struct Step<'s> {
    before: Schema,
    after: Schema,
    told: Told<'s>,
}

impl<'s> Step<'s> {
    /// Where the migrations do not tell what there is, the database is taken to be what the parent's models declare: what has been
    /// made by `create_all`, or in a way that we cannot follow, is no reason to say nothing about what comes next.
    fn new(here: &'s Here, parent: &'s Parent) -> Step<'s> {
        let shared = shared(&here.tree.graph, parent.tree);
        let is_shared = |at: &usize| {
            let id = &parent.tree.graph.nodes[*at].id;
            here.tree.graph.find(id).is_some_and(|at| shared.contains(&at))
        };
        let (of_both, only_parent): (HashSet<usize>, HashSet<usize>) =
            parent.tree.graph.live().partition(|at| is_shared(at));
        // what is shared ran as it was in the parent
        let common = match parent.history {
            Some(history) => {
                let graph = &parent.tree.graph;
                history.schema_at(graph, Target::Revisions(heads(graph, &of_both)))
            }
            None => match heads(&here.tree.graph, &shared) {
                heads if heads == here.tree.graph.effective_heads() => here.schema.clone(),
                heads => here.history.schema_at(&here.tree.graph, Target::Revisions(heads)),
            },
        };
        let common = filled(&common, &parent.models.schema);
        let only_here: HashSet<usize> = here.tree.graph.live().filter(|at| !shared.contains(at)).collect();
        Step {
            before: match parent.history {
                Some(history) => history.continued(&parent.tree.graph, common.clone(), &only_parent),
                None => common.clone(),
            },
            after: here.history.continued(&here.tree.graph, common, &only_here),
            told: Told::new(&parent.models, &here.models),
        }
    }

    /// The tables that are another thing after than before.
    fn changed(&self) -> impl Iterator<Item = Name> {
        let (before, after) = (&self.before.tables, &self.after.tables);
        let is_same = |name: &Name, table: &Arc<Table>| after.get(name).is_some_and(|other| Arc::ptr_eq(table, other));
        let gone = before.iter().filter(move |(name, table)| !is_same(name, table));
        let come = after.iter().filter(|(name, _)| !before.contains_key(*name));
        gone.chain(come).map(|(name, _)| name.clone())
    }

    /// What of the changes that the snapshot needs is new.
    fn drift(&self, changes: Vec<Change>, parent: &Parent, options: DiffOptions) -> Vec<NewDrift> {
        // a change answers to those of its own table
        let tables: BTreeSet<Name> = changes.iter().map(|change| change.table.clone()).collect();
        let was = ByTable::of(diff_tables(&self.before, &self.told.was, options, &tables));
        let without_migrations = ByTable::of(diff_tables(&self.before, &self.told.wanted, options, &tables));
        let mut res = Vec::new();
        for change in changes {
            if was.asks(&change) || !self.told.tells(&change) {
                continue;
            }
            let cause = if without_migrations.asks(&change) { Cause::Models } else { Cause::Migrations };
            // what the models never spoke of may be in what cannot be read
            if cause == Cause::Migrations && change.is_removal() && self.told.alike.contains(&change.table) {
                continue;
            }
            let declared_in = parent.models.file_of(&change.table).map(|source| source.path.clone());
            res.push(NewDrift { change, cause, declared_in });
        }
        res
    }
}

/// Changes, found by their table.
struct ByTable(std::collections::HashMap<Name, Vec<Change>>);

impl ByTable {
    fn of(changes: Vec<Change>) -> ByTable {
        let mut res = ByTable(std::collections::HashMap::new());
        for change in changes {
            res.0.entry(change.table.clone()).or_default().push(change);
        }
        res
    }

    /// Whether one of them asks for the same.
    fn asks(&self, change: &Change) -> bool {
        self.0.get(&change.table).is_some_and(|known| known.iter().any(|known| known.asks_the_same(change)))
    }
}

/// The revisions that a parent has exactly like this, with all that they build upon.
fn shared(graph: &Graph, parent: &Tree) -> HashSet<usize> {
    let mut changed: Vec<usize> = graph.live().filter(|&at| !parent.holds(&graph.nodes[at].script)).collect();
    changed.extend((0..graph.nodes.len()).filter(|&at| !graph.is_live(at)));
    let changed = graph.reach(changed, |node| node.all_children.iter().copied());
    graph.live().filter(|at| !changed.contains(at)).collect()
}

/// Those that none of the others builds upon.
fn heads(graph: &Graph, revisions: &HashSet<usize>) -> Vec<usize> {
    let is_head = |at: &&usize| !graph.nodes[**at].all_children.iter().any(|child| revisions.contains(child));
    let mut res: Vec<usize> = revisions.iter().filter(is_head).copied().collect();
    res.sort_unstable();
    res
}
