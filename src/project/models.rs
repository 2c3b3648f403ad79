//! Which files declare the models of an environment: read once, however many snapshots hold them. What they declare is for
//! [`crate::models`] to say.

mod file;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;

use self::file::{File, Looks};
use self::walk::Walk;
use super::library::env_py;
use crate::config::{Dependencies, Environment, Ini, Settings};
use crate::git::{Blob, BlobId, Entry, Snapshot};
use crate::migration::filter::{self, EnvPy};
use crate::models::{self, Declared, ModelOptions, Unknown};
use crate::python::interpret::{Modules, ParsedModule};
use crate::python::on_deep_stack;
use crate::schema::{Change, DiffOptions};
use crate::source::{RepoPath, Span};
use crate::threads::share_out;

/// What was read and parsed so far, by path and bytes, and the versions that an environment's project is installed with.
#[derive(Default)]
pub struct Parsed {
    files: Mutex<HashMap<(RepoPath, BlobId), Arc<File>>>,
    versions: Mutex<HashMap<String, Versions>>,
    environments: Vec<Environment>,
}

#[derive(Clone, Copy, Default)]
struct Versions {
    sqlalchemy: Option<(u32, u32)>,
    sqlmodel: Option<(u32, u32, u32)>,
}

/// All that is needed to say what the models of an environment declare in a snapshot, without the snapshot.
pub struct Inputs {
    files: Vec<Arc<File>>,
    by_name: HashMap<String, usize>,
    /// The files that may declare something, sorted by path.
    models: Vec<usize>,
    env: Option<usize>,
    /// The main options of the `alembic.ini`, when there is one.
    options: Option<BTreeMap<String, String>>,
    versions: Versions,
}

/// What the models of an environment declare in a snapshot; `None` when it has no file that may declare a table.
pub fn declared(
    environment: &Environment,
    snapshot: &dyn Snapshot,
    settings: &Settings,
    parsed: &Parsed,
) -> Result<Option<Declared>> {
    Ok(gather(environment, snapshot, settings, parsed)?.map(|inputs| inputs.declared()))
}

/// Reads the files of an environment that may declare tables, and all that they import: those that the settings name, else those
/// that `env.py` imports, else all of the project's folder. What lies in the folders of other
/// environments is theirs. `None` when there is no file that may declare a table.
pub fn gather(
    environment: &Environment,
    snapshot: &dyn Snapshot,
    settings: &Settings,
    parsed: &Parsed,
) -> Result<Option<Inputs>> {
    let mut walk = Walk::new(environment, snapshot, parsed);
    let env = env_py(environment, snapshot)?;
    let env = walk.take(env.into_iter().collect())?.first().copied();
    let is_other = |other: &&Environment| other.version_locations != environment.version_locations;
    let others: Vec<&Environment> = parsed.environments.iter().filter(is_other).collect();
    let scripts = [environment].into_iter().chain(others.iter().copied());
    let scripts: Vec<&RepoPath> = scripts
        .flat_map(|environment| environment.script_location.iter().chain(&environment.version_locations))
        .collect();
    let excluded =
        |path: &RepoPath| settings.models.exclude.iter().any(|folder| path == folder || path.is_below(folder));
    let is_script = |path: &RepoPath| scripts.iter().any(|folder| path.is_below(folder));
    let project = projects(environment, snapshot)?;
    let nearest = project.first().cloned().unwrap_or_default();
    let counts = |path: &RepoPath| !is_script(path) && !is_aside(path, &nearest) && !excluded(path);
    let followed = |file: &File| counts(&file.path) || file.path.file_name() == b"env.py" || is_script(&file.path);

    let mut chosen: Option<Vec<usize>> = None;
    if !settings.models.paths.is_empty() {
        let mut entries = Vec::new();
        for path in &settings.models.paths {
            entries.extend(
                snapshot.list(path)?.into_iter().filter(|entry| is_python(&entry.path) && !excluded(&entry.path)),
            );
        }
        let files = walk.take(entries)?;
        walk.follow(files.iter().copied().chain(env).collect(), &followed)?;
        chosen = Some(files);
    } else if let Some(env) = env {
        walk.follow(vec![env], &followed)?;
    }
    let computed = env.is_some_and(|env| walk.files[env].outline.computed && walk.files[env].outline.walked.is_empty());
    let seen = |walk: &Walk, known: usize| {
        let files = walk.files.iter().skip(known).filter(|file| counts(&file.path));
        files.fold(Looks::default(), |sum, file| Looks {
            tables: sum.tables + file.looks.tables,
            parts: sum.parts + file.looks.parts,
        })
    };
    let imported = seen(&walk, 0);
    let is_little = imported.tables < FEW_TABLES && imported.parts < FEW_PARTS;
    let n_imported = walk.files.len();
    let mut n_candidates = n_imported;
    if chosen.is_none() && (computed || is_little) {
        for folder in &project {
            let elsewhere = foreign(&others, folder, snapshot)?;
            let is_ours = |entry: &Entry| {
                is_python(&entry.path)
                    && counts(&entry.path)
                    && !elsewhere.iter().any(|other| entry.path.is_below(other))
            };
            walk.take(snapshot.list(folder)?.into_iter().filter(is_ours).collect())?;
            let found = seen(&walk, n_imported);
            // with some tables imported, it must be much more than these to say that they are not all
            let enough = if imported.tables == 0 { 1 } else { FEW_TABLES.max(4 * imported.tables) };
            if computed || found.tables >= enough || !imported.any() && found.any() {
                let files = (n_imported..walk.files.len()).filter(|&at| walk.files[at].looks.any()).collect();
                walk.follow(files, &followed)?;
                n_candidates = walk.files.len();
                break;
            }
            if imported.tables > 0 {
                break;
            }
        }
    }
    let mut models: Vec<bool> = (0..n_candidates)
        .map(|at| {
            let file = &walk.files[at];
            match &chosen {
                Some(chosen) => chosen.contains(&at),
                None => file.looks.any() && counts(&file.path),
            }
        })
        .collect();
    if !models.contains(&true) {
        return Ok(None);
    }
    if chosen.is_none() {
        walk::heirs(&walk, &mut models, &counts);
    }
    let mut models: Vec<usize> = (0..models.len()).filter(|&at| models[at]).collect();
    models.sort_by(|&a, &b| walk.files[a].path.cmp(&walk.files[b].path));
    let unparsed = models.iter().chain(&env).map(|&at| walk.files[at].clone()).collect();
    share_out(unparsed, PARSED, |files: Vec<Arc<File>>| {
        Ok(files.iter().map(|file| file.module().is_some()).collect())
    })?;
    let by_name = walk.by_name.into_iter().filter_map(|(name, at)| Some((name, at?))).collect();
    Ok(Some(Inputs {
        files: walk.files,
        by_name,
        models,
        env,
        options: options(environment, snapshot)?,
        versions: parsed.versions(environment, snapshot)?,
    }))
}

/// With fewer of them, what `env.py` imports may be the base class and no model.
const FEW_TABLES: usize = 4;
const FEW_PARTS: usize = 25;

/// How many files a thread parses at least.
const PARSED: usize = 8;

/// Whether a change of a file can change what models declare, judged by its path and its bytes alone: most changes cannot, and need
/// not be looked at more closely. A file that is not there on one side is `None` there.
pub fn may_touch(path: &RepoPath, old: Option<&Blob>, new: Option<&Blob>) -> bool {
    if !is_python(path) || is_aside(path, &RepoPath::root()) {
        return false;
    }
    let text = |blob: Option<&Blob>| match blob {
        None => Some(String::new()),
        Some(Blob::Bytes(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Some(Blob::Absent | Blob::TooLarge(_)) => None,
    };
    let (Some(old), Some(new)) = (text(old), text(new)) else { return true };
    file::looks(&old).any() || file::looks(&new).any() || file::plain_lines(&old) != file::plain_lines(&new)
}

impl Inputs {
    /// What the models declare. Reads nothing; runs on a deep stack of its own.
    pub fn declared(&self) -> Declared {
        let mut res = on_deep_stack(|| {
            let options = ModelOptions {
                files: self.models.iter().filter_map(|&at| self.files[at].module()).map(|module| &**module).collect(),
                env: self.env(),
                sqlalchemy: self.versions.sqlalchemy,
                sqlmodel: self.versions.sqlmodel,
            };
            models::read(self, &options)
        });
        for &at in &self.models {
            let file = &self.files[at];
            if file.module().is_none() {
                res.unknown.push(Unknown { table: None, source: file.source(), span: Span::default() });
            }
        }
        // a table that is not listed may be declared there
        res.schema.open |= res.unknown.iter().any(|unknown| unknown.table.is_none());
        res
    }

    /// How `env.py` wants models and database compared.
    pub fn comparison(&self, postgresql: bool) -> DiffOptions {
        let compared = on_deep_stack(|| Some(filter::comparison(self.env_py()?, postgresql)));
        compared.unwrap_or(DiffOptions { postgresql, types: true, defaults: false })
    }

    /// The changes that count: neither `env.py` nor the settings leave them out, or may.
    pub fn counting(&self, mut changes: Vec<Change>, models: &Declared, ignored: &[String]) -> Vec<Change> {
        changes.retain(|change| !ignored.iter().any(|pattern| matches(pattern, &change.table.to_string())));
        if self.env().is_none() || changes.is_empty() {
            return changes;
        }
        let included = on_deep_stack(|| {
            let env = self.env_py();
            env.map(|env| filter::included(env, changes, &models.schema, &models.sources)).unwrap_or_default()
        });
        included.into_iter().filter(|(_, certain)| *certain).map(|(change, _)| change).collect()
    }

    /// `env.py`, parsed.
    pub fn env(&self) -> Option<&ParsedModule> {
        self.files[self.env?].module().map(|module| &**module)
    }

    /// The same for those who ask for filters.
    pub fn env_py(&self) -> Option<EnvPy<'_>> {
        Some(EnvPy { module: self.env()?, modules: self, options: self.options.as_ref() })
    }

    /// How many files were looked through.
    pub fn n_files(&self) -> usize {
        self.files.len()
    }

    /// The paths of the files that may declare something, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &RepoPath> {
        self.models.iter().map(|&at| &self.files[at].path)
    }
}

impl Modules for Inputs {
    fn module(&self, dotted: &str) -> Option<&ParsedModule> {
        self.files[*self.by_name.get(dotted)?].module().map(|module| &**module)
    }
}

impl Parsed {
    /// Nothing yet, of a repository with these environments.
    pub fn among(environments: &[Environment]) -> Parsed {
        Parsed { environments: environments.to_vec(), ..Parsed::default() }
    }

    pub fn environments(&self) -> &[Environment] {
        &self.environments
    }

    fn known(&self, name: &str, entry: &Entry) -> Option<Arc<File>> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.get(&(entry.path.clone(), entry.blob)).filter(|file| file.name == name).cloned()
    }

    fn remember(&self, file: &Arc<File>, entry: Entry) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert((entry.path, entry.blob), file.clone());
    }

    /// The first snapshot that is asked about decides: a version that changes is no change of the models.
    fn versions(&self, environment: &Environment, snapshot: &dyn Snapshot) -> Result<Versions> {
        let mut versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = versions.get(&environment.name) {
            return Ok(*known);
        }
        let dependencies = Dependencies::of(environment, snapshot)?;
        let found = Versions { sqlalchemy: dependencies.sqlalchemy(), sqlmodel: dependencies.sqlmodel() };
        versions.insert(environment.name.clone(), found);
        Ok(found)
    }
}

/// Whether a pattern, in which `*` stands for any characters, is that of a name.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else { return rest.is_empty() };
    for part in between {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The main options of an environment's `alembic.ini`; Flask-Migrate has it beside `env.py`.
fn options(environment: &Environment, snapshot: &dyn Snapshot) -> Result<Option<BTreeMap<String, String>>> {
    let own = environment.config.clone().filter(|path| path.as_bytes().ends_with(b".ini"));
    let beside = environment.script_location.as_ref().map(|folder| folder.join("alembic.ini"));
    for path in own.into_iter().chain(beside) {
        let Some(entry) = snapshot.find(&path)? else { continue };
        let Some(Blob::Bytes(bytes)) = snapshot.read(&[&entry])?.pop() else { continue };
        let Ok(ini) = Ini::parse(&String::from_utf8_lossy(&bytes)) else { continue };
        return Ok(Some(ini.items("alembic", ".")));
    }
    Ok(None)
}

/// The folders that may be the project of an environment, the smallest first, the repository last: those above its scripts that say how
/// they are installed or run.
fn projects(environment: &Environment, snapshot: &dyn Snapshot) -> Result<Vec<RepoPath>> {
    const MARKS: [&str; 10] = [
        "pyproject.toml",
        "alembic.ini",
        "setup.py",
        "setup.cfg",
        "requirements.txt",
        "Pipfile",
        "manage.py",
        "uv.lock",
        "poetry.lock",
        "wsgi.py",
    ];
    let mut res: Vec<RepoPath> = Vec::new();
    let start = environment.script_location.as_ref().or(environment.version_locations.first());
    let mut folder = start.cloned().unwrap_or_default();
    while !folder.is_root() {
        folder = folder.parent();
        // a package may hold an `alembic.ini`, and is no project
        if snapshot.find(&folder.join("__init__.py"))?.is_some() {
            continue;
        }
        for mark in MARKS {
            if snapshot.find(&folder.join(mark))?.is_some() {
                res.push(folder.clone());
                break;
            }
        }
    }
    if !res.iter().any(RepoPath::is_root) {
        res.push(RepoPath::root());
    }
    Ok(res)
}

/// The folders below this one that are other environments' projects.
fn foreign(others: &[&Environment], folder: &RepoPath, snapshot: &dyn Snapshot) -> Result<Vec<RepoPath>> {
    let mut res = Vec::new();
    for other in others {
        res.extend(projects(other, snapshot)?.into_iter().next().filter(|project| project.is_below(folder)));
    }
    Ok(res)
}

fn is_python(path: &RepoPath) -> bool {
    path.as_bytes().ends_with(b".py")
}

/// Tests, examples and what is installed: none of it declares what the project's database holds. A project that itself lies in such a
/// folder is judged by what lies below it.
fn is_aside(path: &RepoPath, project: &RepoPath) -> bool {
    const FOLDERS: [&[u8]; 16] = [
        b"tests",
        b"test",
        b"testing",
        b"__tests__",
        b"fixtures",
        b"testdata",
        b"docs",
        b"doc",
        b"examples",
        b"example",
        b"node_modules",
        b"site-packages",
        b"venv",
        b".venv",
        b"env",
        b"__pycache__",
    ];
    let below = path.relative_to(project).unwrap_or(path.as_bytes());
    let name = path.file_name();
    let mut folders = below.split(|&b| b == b'/').rev().skip(1);
    folders.any(|folder| FOLDERS.contains(&folder))
        || name.starts_with(b"test_")
        || name.ends_with(b"_test.py")
        || name == b"conftest.py"
}
