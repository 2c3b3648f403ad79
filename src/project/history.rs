//! What the revisions of an environment do: each lowered, once, and all of them replayed.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::LazyLock;

use anyhow::Result;
use regex::Regex;

use super::Tree;
use super::library::Library;
use crate::config::{Dependencies, Environment};
use crate::git::{Blob, Entry, Snapshot};
use crate::migration::lower::{self, Dialect, LowerOptions, What};
use crate::migration::replay::{self, ReplayOptions, Step, Target};
use crate::migration::{Graph, Program, Script};
use crate::python::interpret::ParsedModule;
use crate::python::{on_deep_stack, parse};
use crate::schema::{Action, Object, Op, Schema, Transactions, TypeCreation};
use crate::source::RepoPath;
use crate::sqlalchemy::{Naming, naming_of};
use crate::threads::share_out;

/// The revisions of one tree, lowered.
pub struct History {
    /// By node of the graph; `None` for a declaration that does not count.
    programs: Vec<Option<Program>>,
    options: ReplayOptions,
    /// What the revisions import of the project.
    imported: Vec<Entry>,
}

/// How many scripts a thread lowers at least.
const SHARE: usize = 16;

/// What a module imports may import more: so often is what is missing read, and what asked for it lowered again.
const ROUNDS: usize = 12;

impl History {
    /// Lowers every revision; downgrades of those that are `judged` only.
    pub fn read(
        tree: &Tree,
        environment: &Environment,
        snapshot: &dyn Snapshot,
        judged: impl Fn(&Script) -> bool,
    ) -> Result<History> {
        let graph = &tree.graph;
        let live: Vec<usize> = graph.live().collect();
        let scripts: Vec<&Script> = live.iter().map(|&at| &*graph.nodes[at].script).collect();
        let mut library = Library::of(environment);
        let env = env_py(environment, snapshot)?;
        // lock files are large, and most histories do not need them
        let dependencies = OnceCell::new();
        let dependencies = || match dependencies.get() {
            Some(known) => Ok(known),
            None => Dependencies::of(environment, snapshot).map(|read| dependencies.get_or_init(|| read)),
        };
        let postgresql = is_postgresql(environment, &scripts, || anyhow::Ok(dependencies()?.has_postgresql()))?;
        let naming = match &env {
            Some(env) => naming(env, &mut library, snapshot)?,
            None => Naming::Unknown,
        };
        let conventions = naming == Naming::Unknown;
        let wanted: Vec<What> =
            scripts.iter().map(|script| if judged(script) { What::Both } else { What::Upgrade }).collect();
        let lowered = lower(&scripts, &wanted, dialect(environment, postgresql), naming, &mut library, snapshot)?;
        let options = ReplayOptions {
            postgresql,
            sqlalchemy: match lowered.iter().any(depends_on_version) {
                true => dependencies()?.sqlalchemy(),
                false => None,
            },
            transactions: env.as_ref().map_or(Transactions::Unknown, |env| transactions(&env.source.text)),
            conventions,
            schema: Target::Nowhere,
        };
        let mut programs: Vec<Option<Program>> = graph.nodes.iter().map(|_| None).collect();
        for (at, program) in live.into_iter().zip(lowered) {
            programs[at] = Some(program);
        }
        Ok(History { programs, options, imported: library.into_files() })
    }

    /// Whether all that the revisions import is the same in another snapshot: else the same scripts may do something else there.
    pub(super) fn imports_the_same(&self, snapshot: &dyn Snapshot) -> Result<bool> {
        for entry in &self.imported {
            if snapshot.find(&entry.path)?.is_none_or(|other| other.blob != entry.blob) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Major and minor, where it matters and the project pins it.
    pub fn sqlalchemy(&self) -> Option<(u32, u32)> {
        self.options.sqlalchemy
    }

    pub fn program(&self, at: usize) -> Option<&Program> {
        self.programs[at].as_ref()
    }

    /// Replays the history; what is said of those that are `judged`.
    pub fn steps(&self, graph: &Graph, judged: impl Fn(usize) -> bool) -> Vec<Step> {
        replay::replay(graph, &self.programs, &self.options, judged).steps
    }

    /// The schema once a revision and its ancestors have run; `None`: all of them.
    pub fn schema(&self, graph: &Graph, at: Option<usize>) -> Schema {
        self.schema_at(graph, at.map_or(Target::Heads, |at| Target::Revisions(vec![at])))
    }

    pub(super) fn schema_at(&self, graph: &Graph, schema: Target) -> Schema {
        let options = ReplayOptions { schema, ..self.options.clone() };
        replay::replay(graph, &self.programs, &options, |_| false).schema
    }

    /// The schema once `revisions` have run as well, on a database that holds what their ancestors made.
    pub(super) fn continued(&self, graph: &Graph, schema: Schema, revisions: &HashSet<usize>) -> Schema {
        replay::continued(graph, &self.programs, &self.options, schema, revisions)
    }

    pub(super) fn is_postgresql(&self) -> bool {
        self.options.postgresql
    }

    /// The revisions that make something, besides a revision and its ancestors, by their nodes.
    pub fn makers(&self, graph: &Graph, object: &Object, of: usize) -> Vec<usize> {
        replay::makers(graph, &self.programs, object, of)
    }

    /// What could not be understood: a line each.
    pub fn unknown(&self, graph: &Graph, at: Option<usize>) -> Vec<String> {
        let wanted = at.map(|at| graph.ancestors(at));
        let mut res = Vec::new();
        for (at, program) in self.programs.iter().enumerate() {
            let Some(program) = program.as_ref().filter(|_| wanted.as_ref().is_none_or(|wanted| wanted.contains(&at)))
            else {
                continue;
            };
            let id = &graph.nodes[at].id;
            if program.unknown {
                res.push(format!("{id}: no upgrade() that could be read"));
            }
            for op in &program.upgrade {
                if let Action::Unknown { text, .. } = &op.action {
                    res.push(format!("{id}: {text}"));
                }
            }
        }
        res
    }
}

fn lower(
    scripts: &[&Script],
    wanted: &[What],
    dialect: Dialect,
    naming: Naming,
    library: &mut Library,
    snapshot: &dyn Snapshot,
) -> Result<Vec<Program>> {
    let mut res: Vec<Program> = scripts.iter().map(|_| Program::default()).collect();
    let mut todo: Vec<usize> = (0..scripts.len()).collect();
    for _ in 0..ROUNDS {
        let lowered = share_out(todo.clone(), SHARE, |todo| {
            let mut options = LowerOptions { dialect, naming: naming.clone(), what: What::Upgrade };
            // parsed here and forgotten at once: keeping all of it costs more than parsing the few again that another round lowers
            let lower = |at: usize| {
                options.what = wanted[at];
                lower::lower(&module(scripts[at], wanted[at]), library, &options)
            };
            Ok(todo.into_iter().map(lower).collect())
        })?;
        for (&at, program) in todo.iter().zip(lowered) {
            res[at] = program;
        }
        let missing = todo.iter().flat_map(|&at| res[at].missing.iter().map(String::as_str));
        let found = library.load(snapshot, missing)?;
        todo.retain(|&at| res[at].missing.iter().any(|name| found.contains(name.as_str())));
        if todo.is_empty() {
            break;
        }
    }
    Ok(res)
}

fn module(script: &Script, what: What) -> ParsedModule {
    let text = &script.source.text;
    let upgrade = match what {
        What::Upgrade => before_downgrade(text).map(parse).filter(|module| module.error.is_none()),
        What::Both => None,
    };
    ParsedModule {
        source: script.source.clone(),
        statements: upgrade.unwrap_or_else(|| parse(text)).statements,
        name: module_name(script.path()),
        is_package: false,
    }
}

/// The text up to `downgrade`, where that comes last and nothing else speaks of it.
fn before_downgrade(text: &str) -> Option<&str> {
    const DOWNGRADE: &str = "\ndef downgrade(";
    let at = text.find(DOWNGRADE)?;
    let (before, after) = (&text[..=at], &text[at + DOWNGRADE.len()..]);
    let is_inside = |line: &str| line.is_empty() || line.starts_with([' ', '\t', '\r', '#', ')']);
    (!before.contains("downgrade(") && after.split('\n').skip(1).all(is_inside)).then_some(before)
}

fn env_py(environment: &Environment, snapshot: &dyn Snapshot) -> Result<Option<ParsedModule>> {
    let folder = environment.script_location.clone();
    let above = environment.version_locations.first().map(|location| location.parent());
    for folder in folder.into_iter().chain(above) {
        let Some(entry) = snapshot.find(&folder.join("env.py"))? else { continue };
        let Some(Blob::Bytes(bytes)) = snapshot.read(&[&entry])?.pop() else { continue };
        let name = module_name(&entry.path);
        if let Some(module) = on_deep_stack(|| ParsedModule::read(name, entry.path, &bytes, false)) {
            return Ok(Some(module));
        }
    }
    Ok(None)
}

/// The name that relative imports in a file start from.
fn module_name(path: &RepoPath) -> String {
    let path = path.to_string();
    path.strip_suffix(".py").unwrap_or(&path).replace('/', ".")
}

fn naming(env: &ParsedModule, library: &mut Library, snapshot: &dyn Snapshot) -> Result<Naming> {
    let mut res = Naming::Unknown;
    for _ in 0..ROUNDS {
        let (naming, missing) = share_out(vec![()], 1, |_| Ok(vec![naming_of(env, library)]))?
            .pop()
            .unwrap_or((Naming::Unknown, Vec::new()));
        res = naming;
        if library.load(snapshot, missing.iter().map(String::as_str))?.is_empty() {
            break;
        }
    }
    // set in a way that was not followed
    if res == Naming::None && (env.source.text.contains(CONVENTION) || library.mentions(CONVENTION)) {
        return Ok(Naming::Unknown);
    }
    Ok(res)
}

const CONVENTION: &str = "naming_convention";

fn transactions(env: &str) -> Transactions {
    static EACH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"transaction_per_migration\s*=\s*True\b").expect("a constant pattern"));
    if env.contains("AUTOCOMMIT") {
        Transactions::Off
    } else if EACH.is_match(env) {
        Transactions::PerMigration
    } else if env.contains("transaction_per_migration") {
        Transactions::Unknown
    } else {
        Transactions::WholeRun
    }
}

/// Whether PostgreSQL is what the project runs on, or one of the databases it runs on.
fn is_postgresql(
    environment: &Environment,
    scripts: &[&Script],
    has_driver: impl FnOnce() -> Result<bool>,
) -> Result<bool> {
    static SPEAKS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)postgresql|psycopg|\b(?:create|alter|drop)\s+type\b").expect("a constant pattern")
    });
    match scheme(environment) {
        Some(scheme) if scheme.starts_with("postgres") => Ok(true),
        // a folder of its own says more than a URL, which may be the developer's
        Some(folder) if environment.url_scheme.is_none() && OTHERS.contains(&folder) => Ok(false),
        scheme => {
            let other = scheme.is_some_and(|scheme| OTHERS.contains(&scheme));
            let speaks = scripts.iter().any(|script| SPEAKS.is_match(&script.source.text));
            Ok(speaks || !other && has_driver()?)
        }
    }
}

/// Whether what a revision does differs between versions of SQLAlchemy.
fn depends_on_version(program: &Program) -> bool {
    let differs = |op: &Op| match &op.action {
        Action::CreateTable(table) => {
            let mut enums = table.columns.iter().filter_map(|column| column.enumeration.as_ref());
            enums.any(|ty| matches!(ty.creation, TypeCreation::IgnoredBefore21 | TypeCreation::From21))
        }
        _ => false,
    };
    program.upgrade.iter().chain(program.downgrade.iter().flatten()).any(differs)
}

const OTHERS: [&str; 6] = ["mysql", "mariadb", "sqlite", "oracle", "mssql", "snowflake"];

/// What the URL says, or else the folder of the revisions, where each database has its own: `versions/sqlite`.
pub(super) fn scheme(environment: &Environment) -> Option<&str> {
    let names = environment.version_locations.iter().map(|location| std::str::from_utf8(location.file_name()).ok());
    let mut names = names.map(|name| name.filter(|name| OTHERS.contains(name) || name.starts_with("postgres")));
    let folder = names.next().flatten().filter(|first| names.all(|name| name == Some(first)));
    environment.url_scheme.as_deref().or(folder)
}

fn dialect(environment: &Environment, postgresql: bool) -> Dialect {
    match scheme(environment) {
        _ if postgresql => Dialect::Postgres,
        Some("sqlite") => Dialect::Sqlite,
        Some("mysql" | "mariadb") => Dialect::Mysql,
        Some(scheme) if OTHERS.contains(&scheme) => Dialect::Other,
        _ => Dialect::Unknown,
    }
}
