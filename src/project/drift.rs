//! Where models and migrations part, and what of that a snapshot adds to its parents.

use std::collections::{BTreeSet, HashMap, HashSet};
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
use crate::schema::{Certainty, Change, Comment, DiffOptions, Name, Object, Schema, Table, Type, What, diff, filled};
use crate::source::{RepoPath, Source};
use crate::threads::share_out;

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
    models: Declared,
}

/// One of its parents.
struct Parent<'s> {
    tree: &'s Tree,
    /// `None`: the snapshot has all of its revisions as they are, and they do the same there.
    history: Option<&'s History>,
    models: Declared,
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
    let read;
    let history = match &scope.replayed {
        Some(replayed) => &replayed.history,
        None => {
            read = History::read(&scope.tree, &scope.environment, &*question.snapshot, |_| false)?;
            &read
        }
    };
    let mut before = Vec::new();
    for ((snapshot, located), tree) in question.parents.iter().zip(&scope.before).zip(&scope.parents) {
        let Some(environment) = located else { continue };
        let inputs = gather(environment, &**snapshot)?;
        let has_all = tree.graph.live().all(|at| scope.tree.holds(&tree.graph.nodes[at].script));
        let history = match has_all && history.imports_the_same(&**snapshot)? {
            true => None,
            false => Some(History::read(tree, environment, &**snapshot, |_| false)?),
        };
        before.push((tree, inputs, history));
    }
    let declare = |inputs: Vec<Option<&Inputs>>| {
        Ok(inputs.into_iter().map(|inputs| inputs.map(Inputs::declared).unwrap_or_default()).collect())
    };
    let sides = [Some(&inputs)].into_iter().chain(before.iter().map(|(_, inputs, _)| inputs.as_ref()));
    let mut declared = share_out(sides.collect(), 1, declare)?.into_iter();
    let here = Here { tree: &scope.tree, history, models: declared.next().unwrap_or_default() };
    let parents: Vec<Parent> = before
        .iter()
        .zip(declared)
        .map(|((tree, _, history), models)| Parent { tree, history: history.as_ref(), models })
        .collect();
    let options = inputs.comparison(history.is_postgresql());
    let mut drift = Drift::between(here, &parents, options);
    drift.leave_out(&inputs, settings);
    Ok(Some(drift))
}

impl Drift {
    /// Compares a snapshot with each of its parents: a difference is new when it is in none of them.
    fn between(here: Here, parents: &[Parent], options: DiffOptions) -> Drift {
        let models = &here.models;
        let own = here.history.schema_at(&here.tree.graph, Target::Heads);
        let all = diff(&own, &models.schema, options);
        let mut new: Option<Vec<NewDrift>> = None;
        for parent in parents {
            let step = Step::new(&here, parent);
            let found = step.drift(models, parent, options);
            new = Some(match new {
                None => found,
                Some(known) => known
                    .into_iter()
                    .filter(|item| found.iter().any(|other| other.change.asks_the_same(&item.change)))
                    .collect(),
            });
        }
        let unread = unread(&here, parents);
        let known = own.tables.keys().cloned().collect();
        Drift { new: new.unwrap_or_default(), all, models: here.models, known, unread }
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
        let is_shared = |at: &usize| {
            let id = &parent.tree.graph.nodes[*at].id;
            here.tree.graph.find(id).is_some_and(|at| shared.contains(&at))
        };
        let (of_both, only_parent): (HashSet<usize>, HashSet<usize>) =
            parent.tree.graph.live().partition(|at| is_shared(at));
        // what is shared ran as it was in the parent
        let (history, graph, of_both) = match parent.history {
            Some(history) => (history, &parent.tree.graph, &of_both),
            None => (here.history, &here.tree.graph, &shared),
        };
        let common = history.schema_at(graph, Target::Revisions(heads(graph, of_both)));
        let common = filled(&common, &parent.models.schema);
        let only_here: HashSet<usize> = here.tree.graph.live().filter(|at| !shared.contains(at)).collect();
        Step {
            before: match parent.history {
                Some(history) => history.continued(&parent.tree.graph, common.clone(), &only_parent),
                None => common.clone(),
            },
            after: here.history.continued(&here.tree.graph, common, &only_here),
        }
    }

    fn drift(&self, models: &Declared, parent: &Parent, options: DiffOptions) -> Vec<NewDrift> {
        let alike = alike(&parent.models, models);
        let was = ByTable::of(diff(&self.before, &closed(&parent.models.schema, &alike), options));
        let wanted = closed(&models.schema, &alike);
        let without_migrations = ByTable::of(diff(&self.before, &wanted, options));
        let mut res = Vec::new();
        for change in diff(&self.after, &wanted, options) {
            if was.asks(&change) || !was_told(&parent.models, models, &change) {
                continue;
            }
            let cause = if without_migrations.asks(&change) { Cause::Models } else { Cause::Migrations };
            // what the models never spoke of may be in what cannot be read
            if cause == Cause::Migrations && change.is_removal() && alike.contains(&change.table) {
                continue;
            }
            let declared_in = parent.models.schema.tables.get(&change.table).and_then(|table| {
                let source = parent.models.sources.get(table.origin?.file)?;
                Some(source.path.clone())
            });
            res.push(NewDrift { change, cause, declared_in });
        }
        res
    }
}

/// The tables of which the same cannot be read on both sides: what the models no longer speak of has not gone there.
fn alike(before: &Declared, now: &Declared) -> BTreeSet<Name> {
    let is_open = |table: &&Arc<Table>| table.opaque && table.certainty == Certainty::Certain;
    let tables = now.schema.tables.iter().filter(|(_, table)| is_open(table)).map(|(name, _)| name);
    let was_open = |name: &&Name| before.schema.tables.get(*name).filter(is_open).is_some();
    tables.filter(was_open).filter(|name| untold(before, name) == untold(now, name)).cloned().collect()
}

/// The models, as if all of these tables were listed.
fn closed(models: &Schema, tables: &BTreeSet<Name>) -> Schema {
    let mut res = models.clone();
    for name in tables {
        if let Some(table) = models.tables.get(name) {
            res.tables.insert(name.clone(), Arc::new(Table { opaque: false, ..Table::clone(table) }));
        }
    }
    res
}

/// Whether the models told before what they tell now: what could not be read and now can is no change.
fn was_told(before: &Declared, now: &Declared, change: &Change) -> bool {
    let models = &before.schema;
    let Some(table) = models.tables.get(&change.table) else {
        return !models.open && !models.doubtful.contains(&Object::Table(change.table.clone()));
    };
    let is_listed = |name: &str| table.column(name).is_some_and(|column| column.certainty == Certainty::Certain);
    let told = match &change.what {
        What::AddTable(_) | What::RemoveTable => return !models.open,
        What::ModifyType { column, .. } => table.column(column).is_none_or(|column| column.ty != Type::Unknown),
        What::ModifyComment { column: None, .. } => table.comment != Comment::Unknown,
        What::ModifyComment { column: Some(column), .. } => {
            table.column(column).is_none_or(|column| column.comment != Comment::Unknown)
        }
        What::AddEnumValue { ty, .. } | What::RemoveEnumValue { ty, .. } => {
            models.enums.get(ty).is_none_or(|ty| ty.values.is_some() && ty.certainty == Certainty::Certain)
        }
        _ => true,
    };
    let columns = change.columns();
    let is_whole = table.certainty == Certainty::Certain
        && (!table.opaque
            || !columns.is_empty() && columns.iter().all(|column| is_listed(column))
            // what is not known is what it was: the rest was written now
            || untold(before, &change.table) == untold(now, &change.table));
    let is_sure = |column: &&str| table.column(column).is_none_or(|column| column.certainty == Certainty::Certain);
    told && is_whole && columns.iter().all(is_sure)
}

/// Changes, found by their table.
struct ByTable(HashMap<Name, Vec<Change>>);

impl ByTable {
    fn of(changes: Vec<Change>) -> ByTable {
        let mut res: HashMap<Name, Vec<Change>> = HashMap::new();
        for change in changes {
            res.entry(change.table.clone()).or_default().push(change);
        }
        ByTable(res)
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

/// The code that nobody can tell, of a table; of a class, what it inherits.
fn untold<'m>(models: &'m Declared, table: &Name) -> BTreeSet<Option<&'m str>> {
    let of_table = models.unknown.iter().filter(|unknown| unknown.table.as_ref() == Some(table));
    let code = |unknown: &'m Unknown| {
        let rest = unknown.source.text.get(unknown.span.end..)?;
        let bases = if rest.starts_with('(') { rest.find(':').unwrap_or(rest.len()) } else { 0 };
        unknown.source.text.get(unknown.span.start..unknown.span.end + bases)
    };
    of_table.map(code).collect()
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
