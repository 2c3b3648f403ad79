//! Everything a rule may see: each environment's graph in the snapshot that is checked, in its parents, and in its
//! merge with the base branch. Read once, immutable afterwards.

mod drift;
mod history;
mod library;
pub mod models;

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use anyhow::Result;

use crate::config::{self, Environment, Headers, Layout, Settings, Sighting};
use crate::git::{Blob, BlobId, Entry, Kind, Snapshot};
use crate::migration::replay::Step;
use crate::migration::{Depth, Graph, Problem, Script};
use crate::schema::{Error as DatabaseError, Event, RiskKind};
use crate::source::{RepoPath, Source};
use crate::threads::share_out;

pub use drift::{Cause, Drift, NewDrift, apportion};
pub use history::History;

/// What is asked: a snapshot, what was there before it, and what it will be merged into.
pub struct Question {
    pub snapshot: Rc<dyn Snapshot>,
    /// Empty: nothing was there before, so everything in the snapshot is new.
    pub parents: Vec<Rc<dyn Snapshot>>,
    /// The parent that is the base branch, if one is: what is on it is published.
    pub published: Option<usize>,
    pub bases: Vec<BaseQuestion>,
    pub moment: Moment,
    /// Whether what is new is read whole, so that we know whether it compiles; else its header only.
    pub read_whole: bool,
    /// Whether models and migrations are compared: something changed that they could depend on.
    pub compare: bool,
    /// `YYYYMMDD`, for names that are suggested.
    pub today: String,
}

/// A base branch: its tip, and the snapshot merged with it.
pub struct BaseQuestion {
    /// As a user would type it: `origin/develop`.
    pub name: String,
    pub tip: Rc<dyn Snapshot>,
    pub merged: Rc<dyn Snapshot>,
}

/// At what moment we are asked: what can still be done differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A commit is being made.
    Committing,
    /// A merge is being made or concluded.
    Merging,
    /// The commits exist already.
    Committed,
}

/// Everything a rule may see.
pub struct Project {
    pub settings: Settings,
    pub moment: Moment,
    /// The parent that is the base branch, if one is.
    pub published: Option<usize>,
    pub today: String,
    pub scopes: Vec<Scope>,
    /// Configuration files of Alembic's that Python could not read, and why.
    pub problems: Vec<(RepoPath, String)>,
}

/// One environment in all the snapshots that matter.
pub struct Scope {
    pub environment: Environment,
    pub tree: Rc<Tree>,
    /// The same environment in each parent; an empty tree where it does not exist.
    pub parents: Vec<Rc<Tree>>,
    /// What each parent calls it, and where; `None` where it does not exist.
    before: Vec<Option<Environment>>,
    parsed: Rc<models::Parsed>,
    pub against: Vec<Against>,
    /// `None` when no revision is new, or only headers were asked for.
    pub replayed: Option<Replayed>,
    /// `None` when nothing changed that it depends on, when there are no parents or no models, or when only headers were asked for.
    pub drift: Option<Drift>,
}

/// The revisions of the tree that is checked, replayed.
pub struct Replayed {
    pub history: History,
    /// Of each revision that is new.
    pub steps: Vec<Step>,
    /// Each base branch's, merged; read only where a step lacks something that another branch may make.
    pub bases: Vec<History>,
}

/// One environment in a base branch.
pub struct Against {
    pub name: String,
    pub tip: Rc<Tree>,
    pub merged: Rc<Tree>,
}

/// One environment in one snapshot.
#[derive(Default)]
pub struct Tree {
    pub graph: Graph,
    /// Paths that git could not merge.
    pub conflicts: Vec<Arc<Script>>,
    /// Where the scripts lie in memory; filled when asked for.
    places: OnceCell<HashSet<*const Source>>,
}

impl Tree {
    /// Scripts whose revision is not known: absent from this clone, too large, broken, or computed.
    pub fn unknown_scripts(&self) -> impl Iterator<Item = &Arc<Script>> {
        self.graph.others.iter().filter(|script| !matches!(script.header.problem, Some(Problem::NoRevision)))
    }

    /// How many files there are whose revision, or what it follows, cannot be told.
    pub fn n_unplaced(&self) -> usize {
        self.unknown_scripts().count() + self.graph.live().filter(|&at| self.graph.nodes[at].unknown_parents).count()
    }

    /// Every script, in load order as far as it has a revision.
    pub fn scripts(&self) -> impl Iterator<Item = &Arc<Script>> {
        self.graph.nodes.iter().map(|node| &node.script).chain(&self.graph.others)
    }

    /// Whether the script stands here, as it is and at this path. Both come from one project, which has each file once.
    pub fn holds(&self, script: &Script) -> bool {
        let places = || self.scripts().map(|script| Arc::as_ptr(&script.source)).collect();
        self.places.get_or_init(places).contains(&Arc::as_ptr(&script.source))
    }
}

impl Scope {
    /// Whether the script stands like this, at this path, in a parent.
    pub fn was_there(&self, script: &Script) -> bool {
        self.parents.iter().any(|parent| parent.holds(script))
    }
}

impl Project {
    /// The scripts that are not in any parent as they are here, with their environment's name.
    pub fn changed(&self) -> Vec<(String, Arc<Source>)> {
        let mut res = Vec::new();
        for scope in &self.scopes {
            let new = scope.tree.scripts().filter(|script| !scope.was_there(script));
            res.extend(new.map(|script| (scope.environment.name.clone(), script.source.clone())));
        }
        res
    }

    /// Reads all of it. Errors: bad configuration, or a repository that cannot be read; never what a script says.
    pub fn load(question: &Question, settings: Settings) -> Result<Project> {
        let mut reader = Reader::default();
        let layout = config::locate(&*question.snapshot, &settings, &reader.scripts)?;
        let parsed = Rc::new(models::Parsed::among(&layout.environments));
        let mut scopes = Vec::new();
        let parents: Vec<_> = question
            .parents
            .iter()
            .map(|parent| reader.located(&layout, &**parent, &settings))
            .collect::<Result<_>>()?;
        let bases: Vec<_> = question
            .bases
            .iter()
            .map(|base| {
                let tip = reader.located(&layout, &*base.tip, &settings)?;
                let merged = reader.located(&layout, &*base.merged, &settings)?;
                Ok((base, tip, merged))
            })
            .collect::<Result<_>>()?;
        let before: HashSet<Key> =
            parents.iter().flat_map(|(_, entries)| entries.iter().flatten()).map(Key::of).collect();
        for environment in &layout.environments {
            let depth = if question.read_whole { Depth::Whole } else { Depth::Header };
            let entries = environment.scripts(&*question.snapshot)?;
            let (old, new): (Vec<&Entry>, Vec<&Entry>) =
                entries.iter().partition(|entry| before.contains(&Key::of(entry)));
            reader.scripts.read(&*question.snapshot, &old, Depth::Header)?;
            reader.scripts.read(&*question.snapshot, &new, depth)?;
            let tree = reader.tree(&*question.snapshot, &entries)?;
            let mut in_other = |snapshot: &dyn Snapshot,
                                located: &Located|
             -> Result<(Option<Environment>, Rc<Tree>)> {
                match counterpart(environment, &tree, located, &reader.scripts, snapshot)? {
                    Some(at) => Ok((Some(located.0.environments[at].clone()), reader.tree(snapshot, &located.1[at])?)),
                    None => Ok((None, Rc::default())),
                }
            };
            let mut before = Vec::new();
            let mut trees = Vec::new();
            for (snapshot, located) in question.parents.iter().zip(&parents) {
                let (found, tree) = in_other(&**snapshot, located)?;
                before.push(found);
                trees.push(tree);
            }
            let against = bases
                .iter()
                .map(|(base, tip, merged)| {
                    Ok(Against {
                        name: base.name.clone(),
                        tip: in_other(&*base.tip, tip)?.1,
                        merged: in_other(&*base.merged, merged)?.1,
                    })
                })
                .collect::<Result<_>>()?;
            let mut scope = Scope {
                environment: environment.clone(),
                tree,
                parents: trees,
                before,
                parsed: parsed.clone(),
                against,
                replayed: None,
                drift: None,
            };
            if question.read_whole {
                scope.replayed = replayed(&scope, question)?;
            }
            if question.compare {
                scope.drift = drift::drift(&scope, question, &settings)?;
            }
            scopes.push(scope);
        }
        drift::apportion(scopes.iter_mut().filter_map(|scope: &mut Scope| scope.drift.as_mut()));
        Ok(Project {
            settings,
            moment: question.moment,
            published: question.published,
            today: question.today.clone(),
            scopes,
            problems: layout.problems,
        })
    }
}

/// Replays an environment where it has something new.
fn replayed(scope: &Scope, question: &Question) -> Result<Option<Replayed>> {
    let graph = &scope.tree.graph;
    let is_new = |script: &Script| !scope.was_there(script);
    if !graph.live().any(|at| is_new(&graph.nodes[at].script)) {
        return Ok(None);
    }
    let history = History::read(&scope.tree, &scope.environment, &*question.snapshot, is_new)?;
    let steps = history.steps(graph, |at| is_new(&graph.nodes[at].script));
    let lacks = |event: &Event| match event {
        Event::Fault(fault) => matches!(fault.error, DatabaseError::Undefined { .. }),
        Event::Risk(risk) => matches!(risk.kind, RiskKind::Unheard { .. }),
    };
    let mut bases = Vec::new();
    if steps.iter().any(|step| step.upgrade.iter().any(lacks)) {
        for (against, base) in scope.against.iter().zip(&question.bases) {
            bases.push(History::read(&against.merged, &scope.environment, &*base.merged, |_| false)?);
        }
    }
    Ok(Some(Replayed { history, steps, bases }))
}

/// A snapshot's layout and, for each of its environments, the files Alembic would load.
type Located = (Layout, Vec<Vec<Entry>>);

/// Which environment of another snapshot is this one: the one in the same place, else the one with most of its
/// revisions (folders move).
fn counterpart(
    environment: &Environment,
    tree: &Tree,
    (layout, entries): &Located,
    scripts: &Scripts,
    snapshot: &dyn Snapshot,
) -> Result<Option<usize>> {
    let shares = |other: &Environment| {
        other.version_locations.iter().any(|location| environment.version_locations.contains(location))
    };
    let same_name = |other: &&Environment| other.name == environment.name;
    let places: Vec<usize> = (0..entries.len()).filter(|&at| shares(&layout.environments[at])).collect();
    if let Some(&at) = places.iter().find(|&&at| same_name(&&layout.environments[at])).or(places.first()) {
        return Ok(Some(at));
    }
    let mut best = (0, None);
    for (at, entries) in entries.iter().enumerate() {
        let read = scripts.read(snapshot, &entries.iter().collect::<Vec<_>>(), Depth::Header)?;
        let shared = read.iter().filter_map(|script| tree.graph.find(script.id()?)).count();
        if shared > best.0 {
            best = (shared, Some(at));
        }
    }
    Ok(best.1)
}

#[derive(Default)]
struct Reader {
    scripts: Scripts,
    /// Trees built already: snapshots of one question mostly hold the same files.
    trees: Vec<(Vec<Entry>, Rc<Tree>)>,
}

impl Reader {
    fn located(&self, layout: &Layout, snapshot: &dyn Snapshot, settings: &Settings) -> Result<Located> {
        let layout = layout.on(snapshot, settings, &self.scripts)?;
        let entries =
            layout.environments.iter().map(|environment| environment.scripts(snapshot)).collect::<Result<_>>()?;
        Ok((layout, entries))
    }

    fn tree(&mut self, snapshot: &dyn Snapshot, entries: &[Entry]) -> Result<Rc<Tree>> {
        if let Some((_, tree)) = self.trees.iter().find(|(known, _)| *known == entries) {
            return Ok(tree.clone());
        }
        let scripts = self.scripts.read(snapshot, &entries.iter().collect::<Vec<_>>(), Depth::Header)?;
        let read: Vec<(&Entry, Arc<Script>)> = without_renamed(entries.iter().zip(scripts).collect());
        let conflicts = read.iter().filter(|(entry, _)| entry.kind == Kind::Conflict);
        let tree = Rc::new(Tree {
            conflicts: conflicts.map(|(_, script)| script.clone()).collect(),
            graph: Graph::new(read.iter().map(|(_, script)| script.clone())),
            places: OnceCell::new(),
        });
        self.trees.push((entries.to_vec(), tree.clone()));
        Ok(tree)
    }
}

/// Drops what one side renamed and the other edited: git follows that, and has the revision once.
fn without_renamed(mut read: Vec<(&Entry, Arc<Script>)>) -> Vec<(&Entry, Arc<Script>)> {
    let is_conflict = |entry: &Entry| entry.kind == Kind::Conflict;
    if read.iter().any(|(entry, _)| is_conflict(entry)) {
        let settled = read.iter().filter(|(entry, _)| !is_conflict(entry));
        let settled: HashSet<String> = settled.filter_map(|(_, script)| script.id().map(str::to_owned)).collect();
        read.retain(|(entry, script)| !is_conflict(entry) || !script.id().is_some_and(|id| settled.contains(id)));
    }
    read
}

/// Scripts read so far. Each blob is read and parsed once, however many snapshots hold it.
#[derive(Default)]
pub struct Scripts {
    read: RefCell<HashMap<Key, (Depth, Arc<Script>)>>,
}

/// A file as it is here; before `revision` existed, its name was its id.
#[derive(PartialEq, Eq)]
struct Key(RepoPath, BlobId);

impl Key {
    fn of(entry: &Entry) -> Key {
        Key(entry.path.clone(), entry.blob)
    }
}

// files with the same bytes are few: paths, which are long and much alike, need not be hashed
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.1.hash(state);
    }
}

/// How many files a thread takes at least: starting it costs as much as reading the headers of a hundred.
const SHARE: usize = 128;

impl Scripts {
    /// The script of each entry, read at least to that depth.
    pub fn read(&self, snapshot: &dyn Snapshot, entries: &[&Entry], depth: Depth) -> Result<Vec<Arc<Script>>> {
        let missing: Vec<&Entry> = {
            let read = self.read.borrow();
            let enough = |entry: &Entry| {
                read.get(&Key::of(entry)).is_some_and(|(had, _)| *had == Depth::Whole || depth == Depth::Header)
            };
            entries.iter().copied().filter(|entry| !enough(entry)).collect()
        };
        if !missing.is_empty() {
            let blobs = snapshot.read(&missing)?;
            let scripts = self.parse(missing.iter().map(|entry| entry.path.clone()).zip(blobs).collect(), depth)?;
            let mut read = self.read.borrow_mut();
            read.extend(missing.iter().zip(scripts).map(|(entry, script)| (Key::of(entry), (depth, Arc::new(script)))));
        }
        let read = self.read.borrow();
        Ok(entries.iter().map(|entry| read[&Key::of(entry)].1.clone()).collect())
    }

    /// Parses on threads of their own: nested code needs a deep stack, and files are independent.
    fn parse(&self, files: Vec<(RepoPath, Blob)>, depth: Depth) -> Result<Vec<Script>> {
        let script = |(path, blob): (RepoPath, Blob)| match blob {
            Blob::Bytes(bytes) => Script::read(path, bytes, depth),
            Blob::Absent => Script::unreadable(path, Problem::Absent),
            Blob::TooLarge(size) => Script::unreadable(path, Problem::TooLarge(size)),
        };
        share_out(files, SHARE, |files| Ok(files.into_iter().map(script).collect()))
    }
}

impl Headers for Scripts {
    fn sight(&self, snapshot: &dyn Snapshot, entries: &[&Entry]) -> Result<Vec<Option<Sighting>>> {
        let sighting = |script: &Arc<Script>| {
            let header = &script.header;
            header.revision.as_ref()?;
            let ids = |field: &Option<crate::migration::Field<Vec<String>>>| {
                field.as_ref().and_then(|field| field.value.clone()).unwrap_or_default()
            };
            Some(Sighting {
                revision: script.id().map(str::to_owned),
                refers_to: [ids(&header.down_revision), ids(&header.depends_on)].concat(),
            })
        };
        Ok(self.read(snapshot, entries, Depth::Header)?.iter().map(sighting).collect())
    }
}
