//! The project's own modules, by the names that revisions import them by. Reads and parses what is asked for; evaluates nothing.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;

use crate::config::Environment;
use crate::git::{Blob, Entry, Snapshot};
use crate::python::interpret::{Modules, ParsedModule};
use crate::source::RepoPath;
use crate::threads::share_out;

/// Modules read so far. What is not here is taken for a library's.
pub struct Library {
    /// Folders that Python's path may hold, nearest first.
    roots: Vec<RepoPath>,
    /// `None`: asked for, and not of the project.
    modules: HashMap<String, Option<Box<ParsedModule>>>,
    /// The files that were read.
    files: Vec<Entry>,
    /// How many bytes they have.
    size: usize,
}

/// What is read at most: migrations import little, and some packages import everything.
const MOST_MODULES: usize = 300;
const MOST_BYTES: usize = 4 << 20;

/// Bytes of the largest module that is read: none that is written by hand is larger.
const LARGEST: usize = 1 << 20;

/// Never the project's own: a folder or file of that name beside the scripts (`alembic/__init__.py` above all) is not on the path,
/// or Alembic would not run.
const LIBRARIES: [&str; 30] = [
    "alembic",
    "sqlalchemy",
    "builtins",
    "collections",
    "contextlib",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "hashlib",
    "inspect",
    "itertools",
    "json",
    "logging",
    "math",
    "operator",
    "os",
    "pathlib",
    "random",
    "re",
    "string",
    "sys",
    "textwrap",
    "time",
    "types",
    "typing",
    "uuid",
    "warnings",
];

impl Library {
    /// An empty one.
    pub fn of(environment: &Environment) -> Library {
        Library { roots: roots(environment), modules: HashMap::new(), files: Vec::new(), size: 0 }
    }

    /// Reads the modules of these names. Returns the names that turned out to be the project's and were not known before.
    pub fn load<'n>(
        &mut self,
        snapshot: &dyn Snapshot,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<BTreeSet<&'n str>> {
        let mut found: Vec<(&str, bool, Entry)> = Vec::new();
        for name in names.into_iter().collect::<BTreeSet<_>>() {
            if self.modules.contains_key(name) {
                continue;
            }
            self.modules.insert(name.to_owned(), None);
            if let Some((is_package, entry)) = self.find(snapshot, name)? {
                found.push((name, is_package, entry));
            }
        }
        let blobs = snapshot.read(&found.iter().map(|(_, _, entry)| entry).collect::<Vec<_>>())?;
        let mut files = Vec::new();
        for ((name, is_package, entry), blob) in found.into_iter().zip(blobs) {
            if let Blob::Bytes(bytes) = blob
                && bytes.len() <= LARGEST
                && self.size + bytes.len() <= MOST_BYTES
                && self.files.len() < MOST_MODULES
            {
                self.size += bytes.len();
                files.push((name, is_package, entry.path.clone(), bytes));
                self.files.push(entry);
            }
        }
        let parsed = share_out(files, 1, |files| Ok(files.into_iter().filter_map(module).collect()))?;
        let mut res = BTreeSet::new();
        for (name, module) in parsed {
            self.modules.insert(name.to_owned(), Some(Box::new(module)));
            res.insert(name);
        }
        Ok(res)
    }

    /// The files that were read.
    pub fn into_files(self) -> Vec<Entry> {
        self.files
    }

    /// Whether a module that was read holds this text.
    pub fn mentions(&self, text: &str) -> bool {
        self.modules.values().flatten().any(|module| module.source.text.contains(text))
    }

    /// The file of a module, and whether it is a package's.
    fn find(&self, snapshot: &dyn Snapshot, name: &str) -> Result<Option<(bool, Entry)>> {
        if is_library(name) {
            return Ok(None);
        }
        let path = name.replace('.', "/");
        for root in &self.roots {
            for (is_package, tail) in [(true, "/__init__.py"), (false, ".py")] {
                if let Some(entry) = snapshot.find(&root.join(format!("{path}{tail}")))? {
                    return Ok(Some((is_package, entry)));
                }
            }
        }
        Ok(None)
    }
}

/// Python's path is not written down anywhere: the folders above the scripts are likely on it, and so is a `src` there. Nearest first.
pub fn roots(environment: &Environment) -> Vec<RepoPath> {
    let mut roots = Vec::new();
    let starts = environment.script_location.iter().chain(environment.version_locations.first());
    for start in starts.chain(&environment.config) {
        let mut folder = start.clone();
        while !folder.is_root() {
            folder = folder.parent();
            for root in [folder.clone(), folder.join("src")] {
                if !roots.contains(&root) {
                    roots.push(root);
                }
            }
        }
    }
    roots
}

/// Whether a dotted name is that of a library, whatever lies beside the scripts.
pub fn is_library(name: &str) -> bool {
    LIBRARIES.contains(&name.split('.').next().unwrap_or(name))
}

/// The `env.py` of an environment.
pub fn env_py(environment: &Environment, snapshot: &dyn Snapshot) -> Result<Option<Entry>> {
    let folder = environment.script_location.clone();
    let above = environment.version_locations.first().map(|location| location.parent());
    for folder in folder.into_iter().chain(above) {
        if let Some(entry) = snapshot.find(&folder.join("env.py"))? {
            return Ok(Some(entry));
        }
    }
    Ok(None)
}

impl Modules for Library {
    fn module(&self, dotted: &str) -> Option<&ParsedModule> {
        self.modules.get(dotted)?.as_deref()
    }
}

fn module((name, is_package, path, bytes): (&str, bool, RepoPath, Vec<u8>)) -> Option<(&str, ParsedModule)> {
    Some((name, ParsedModule::read(name.to_owned(), path, &bytes, is_package)?))
}
