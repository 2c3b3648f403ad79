//! Where models and migrations part, and what of that a snapshot adds to its parents.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use anyhow::Result;

use super::history::scheme;
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
    /// `None`: the snapshot has all of its revisions as they are.
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
    /// `None` where the snapshot has all of its revisions as they are.
    fn history(&self, scope: &Scope) -> Result<Option<History>> {
        let graph = &self.tree.graph;
        match graph.live().all(|at| scope.tree.holds(&graph.nodes[at].script)) {
            true => Ok(None),
            false => History::read(self.tree, self.environment, self.snapshot, |_| false).map(Some),
        }
    }
}

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
    for (drift, mine) in drifts.iter_mut().zip(mine) {
        drift.all.retain(|change| mine.contains(&change.table));
        drift.new.retain(|item| mine.contains(&item.change.table));
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
    if scope.before.is_empty() || scope.before.iter().any(Option::is_none) || is_double(scope) {
        return Ok(None);
    }
    all(scope, question, settings)
}

/// Whether the same migrations are written for PostgreSQL as well, beside these: one `env.py` with a folder of revisions for each database.
fn is_double(scope: &Scope) -> bool {
    let environment = &scope.environment;
    let is_beside =
        |other: &&Environment| other.script_location.is_some() && other.script_location == environment.script_location;
    let is_postgresql =
        |environment: &Environment| scheme(environment).is_some_and(|name| name.starts_with("postgres"));
    !is_postgresql(environment) && scope.parsed.environments().iter().filter(is_beside).any(is_postgresql)
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
    let read = || {
        let own = match &scope.replayed {
            Some(_) => None,
            None => Some(History::read(&scope.tree, &scope.environment, &*question.snapshot, |_| false)?),
        };
        let others = before.iter().map(|parent| parent.history(scope)).collect::<Result<Vec<_>>>()?;
        let known = scope.replayed.as_ref().map(|replayed| &replayed.history);
        let schema = own.as_ref().or(known).map(|history| history.schema_at(&scope.tree.graph, Target::Heads));
        Ok((own, others, schema.unwrap_or_default()))
    };
    let (declared, (own, others, schema)) = beside(|| share_out(sides, 1, declare), read)?;
    let known = scope.replayed.as_ref().map(|replayed| &replayed.history);
    let Some(history) = own.as_ref().or(known) else { return Ok(None) };
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
        let models = &here.models.schema;
        let steps: Vec<Step> = parents.iter().map(|parent| Step::new(&here, parent)).collect();
        let sides = [&here.schema].into_iter().chain(steps.iter().map(|step| &step.after)).collect();
        let compare = |sides: Vec<&Schema>| Ok(sides.into_iter().map(|side| diff(side, models, options)).collect());
        let mut changes = share_out(sides, 1, compare)?.into_iter();
        let all = changes.next().unwrap_or_default();
        let mut new: Option<Vec<NewDrift>> = None;
        for ((step, parent), changes) in steps.iter().zip(parents).zip(changes) {
            let found = step.drift(changes, models, parent, options);
            new = Some(match new {
                None => found,
                Some(known) => known
                    .into_iter()
                    .filter(|item| found.iter().any(|other| other.change.asks_the_same(&item.change)))
                    .collect(),
            });
        }
        let unread = unread(&here, parents);
        let known = here.schema.tables.keys().cloned().collect();
        Ok(Drift { new: new.unwrap_or_default(), all, models: here.models, known, unread })
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
struct Step {
    before: Schema,
    after: Schema,
}

impl Step {
    /// Where the migrations do not tell what there is, the database is taken to be what the parent's models declare: what has been
    /// made by `create_all`, or in a way that we cannot follow, is no reason to say nothing about what comes next.
    fn new(here: &Here, parent: &Parent) -> Step {
        let shared = shared(&here.tree.graph, parent.tree);
        let heads = heads(&here.tree.graph, &shared);
        let common = match here.tree.graph.effective_heads() == heads {
            true => filled(&here.schema, &parent.models.schema),
            false => {
                let common = here.history.schema_at(&here.tree.graph, Target::Revisions(heads));
                filled(&common, &parent.models.schema)
            }
        };
        let is_shared = |at: usize| {
            let id = &parent.tree.graph.nodes[at].id;
            here.tree.graph.find(id).is_some_and(|at| shared.contains(&at))
        };
        let only_parent: HashSet<usize> = parent.tree.graph.live().filter(|&at| !is_shared(at)).collect();
        let only_here: HashSet<usize> = here.tree.graph.live().filter(|at| !shared.contains(at)).collect();
        Step {
            before: match parent.history {
                Some(history) => history.continued(&parent.tree.graph, common.clone(), &only_parent),
                None => common.clone(),
            },
            after: here.history.continued(&here.tree.graph, common, &only_here),
        }
    }

    /// What of the changes that the snapshot needs is new.
    fn drift(&self, changes: Vec<Change>, models: &Schema, parent: &Parent, options: DiffOptions) -> Vec<NewDrift> {
        // a change answers to those of its own table
        let tables: BTreeSet<Name> = changes.iter().map(|change| change.table.clone()).collect();
        let was = diff_tables(&self.before, &parent.models.schema, options, &tables);
        let without_migrations = diff_tables(&self.before, models, options, &tables);
        let holds = |changes: &[Change], change: &Change| changes.iter().any(|known| known.asks_the_same(change));
        let mut res = Vec::new();
        for change in changes {
            if holds(&was, &change) {
                continue;
            }
            let cause = if holds(&without_migrations, &change) { Cause::Models } else { Cause::Migrations };
            let declared_in = parent.models.schema.tables.get(&change.table).and_then(|table| {
                let source = parent.models.sources.get(table.origin?.file)?;
                Some(source.path.clone())
            });
            res.push(NewDrift { change, cause, declared_in });
        }
        res
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

/// What can be read in no way and changed, where nothing was migrated.
fn unread(here: &Here, parents: &[Parent]) -> Vec<Unknown> {
    if parents.is_empty() || parents.iter().any(|parent| has_news(here.tree, parent.tree)) {
        return Vec::new();
    }
    let text = |unknown: &Unknown| unknown.source.text.get(unknown.span.start..unknown.span.end).map(str::to_owned);
    let was_there = |unknown: &Unknown, parent: &Parent| {
        parent.models.unknown.iter().any(|known| known.table == unknown.table && text(known) == text(unknown))
    };
    let is_new = |unknown: &&Unknown| !parents.iter().any(|parent| was_there(unknown, parent));
    here.models.unknown.iter().filter(is_new).cloned().collect()
}

fn has_news(tree: &Tree, parent: &Tree) -> bool {
    tree.graph.live().any(|at| !parent.holds(&tree.graph.nodes[at].script))
}
