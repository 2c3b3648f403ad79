//! From `env.py` to the files that it imports, or to all that lie in the project's folder. Reads files at a glance and parses none.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::Result;

use super::Parsed;
use super::file::File;
use crate::git::{Entry, Kind, Snapshot};
use crate::project::library::{is_library, roots};
use crate::source::RepoPath;
use crate::threads::share_out;

/// What is read at most of one environment's project.
const MOST_FILES: usize = 20_000;
const MOST_BYTES: usize = 64 << 20;

/// How many files a thread looks through at least.
const SHARE: usize = 64;

/// The files of a project, as far as they were met.
pub struct Walk<'w> {
    snapshot: &'w dyn Snapshot,
    parsed: &'w Parsed,
    /// Folders that Python's path may hold, nearest first.
    roots: Vec<RepoPath>,
    /// What lies under a name at the top of each root, sorted by path.
    tops: HashMap<String, Vec<(RepoPath, Vec<Entry>)>>,
    pub files: Vec<Arc<File>>,
    by_path: HashMap<RepoPath, usize>,
    /// Whether a folder is a package.
    packages: HashMap<RepoPath, bool>,
    /// The modules that were asked for; `None`: not of the project.
    pub by_name: HashMap<String, Option<usize>>,
    size: usize,
}

impl<'w> Walk<'w> {
    pub fn new(environment: &crate::config::Environment, snapshot: &'w dyn Snapshot, parsed: &'w Parsed) -> Self {
        Walk {
            snapshot,
            parsed,
            roots: roots(environment),
            tops: HashMap::new(),
            files: Vec::new(),
            by_path: HashMap::new(),
            packages: HashMap::new(),
            by_name: HashMap::new(),
            size: 0,
        }
    }

    /// Takes in the files of these entries, by the names that imports probably have for them. Returns where they are.
    pub fn take(&mut self, entries: Vec<Entry>) -> Result<Vec<usize>> {
        let mut named = Vec::new();
        for entry in entries {
            let name = self.name_of(&entry.path)?;
            named.push((name, entry));
        }
        self.read(named)
    }

    /// Takes in all that these files import, and what that imports; where `inside` says no, its imports are not looked at.
    pub fn follow(&mut self, from: Vec<usize>, inside: &dyn Fn(&File) -> bool) -> Result<()> {
        let mut done = vec![false; self.files.len()];
        let mut wave = from;
        while !wave.is_empty() {
            let mut names: BTreeSet<String> = BTreeSet::new();
            for at in wave {
                if std::mem::replace(&mut done[at], true) || !inside(&self.files[at]) {
                    continue;
                }
                let file = self.files[at].clone();
                for name in file.outline.walked.iter().filter_map(|name| walked_package(&file, name)) {
                    names.extend(self.modules_below(&name)?);
                }
                for import in &file.outline.imports {
                    let Some(base) = file.absolute(import.level, &import.module) else { continue };
                    let top = base.split('.').next().unwrap_or_default();
                    if self.top(top)?.is_empty() {
                        continue;
                    }
                    for (at, _) in base.match_indices('.') {
                        names.insert(base[..at].to_owned());
                    }
                    for (name, _) in import.names.iter().filter(|(name, _)| name != "*" && !name.contains('.')) {
                        names.insert(format!("{base}.{name}"));
                    }
                    names.insert(base);
                }
            }
            wave = self.find_all(names)?;
            done.resize(self.files.len(), false);
            wave.retain(|&at| !done[at]);
        }
        Ok(())
    }

    /// The file that defines or hands on a class which is imported, if that is of the project.
    pub fn origin(&self, file: &File, class: &str, depth: usize) -> Option<usize> {
        const MOST: usize = 6;
        let (head, last) = class.rsplit_once('.').map_or(("", class), |(head, last)| (head, last));
        let own = if head.is_empty() { class } else { head.split('.').next()? };
        let mut stars = Vec::new();
        for import in &file.outline.imports {
            let Some(base) = file.absolute(import.level, &import.module) else { continue };
            if import.names.iter().any(|(name, _)| name == "*") {
                stars.push(base);
                continue;
            }
            let Some((name, _)) = import.names.iter().find(|(_, known)| known == own) else { continue };
            let at = |name: &str| self.by_name.get(name).copied().flatten();
            if let Some(module) = at(&format!("{base}.{name}")) {
                let found = &self.files[module];
                let is_here =
                    head.is_empty() || depth >= MOST || found.outline.classes.iter().any(|(known, _)| known == last);
                return if is_here { Some(module) } else { self.origin(found, last, depth + 1).or(Some(module)) };
            }
            let module = at(&base)?;
            let found = &self.files[module];
            if found.outline.classes.iter().any(|(known, _)| known == name) || depth >= MOST {
                return Some(module);
            }
            let wanted = if head.is_empty() { name } else { last };
            return self.origin(found, wanted, depth + 1).or(Some(module));
        }
        let mut stars = stars.into_iter().filter_map(|base| self.by_name.get(&base).copied().flatten());
        stars.find(|&module| {
            let found = &self.files[module];
            found.outline.classes.iter().any(|(known, _)| known == own)
                || depth < MOST && found.is_package && self.origin(found, own, depth + 1).is_some()
        })
    }

    fn find_all(&mut self, names: BTreeSet<String>) -> Result<Vec<usize>> {
        let mut found: Vec<(String, Entry)> = Vec::new();
        for name in names {
            if self.by_name.contains_key(&name) {
                continue;
            }
            match self.find(&name)? {
                Some(entry) => found.push((name, entry)),
                None => {
                    self.by_name.insert(name, None);
                }
            }
        }
        self.read(found)
    }

    /// Reads files at a glance, each once, whatever its names are.
    fn read(&mut self, named: Vec<(String, Entry)>) -> Result<Vec<usize>> {
        let mut wanted: BTreeMap<RepoPath, (String, Entry)> = BTreeMap::new();
        for (name, entry) in &named {
            if !self.by_path.contains_key(&entry.path) && entry.kind != Kind::Link {
                wanted.entry(entry.path.clone()).or_insert_with(|| (name.clone(), entry.clone()));
            }
        }
        let mut unread = Vec::new();
        for (name, entry) in wanted.into_values() {
            if self.files.len() + unread.len() >= MOST_FILES {
                break;
            }
            match self.parsed.known(&name, &entry) {
                Some(file) => self.keep(file),
                None => unread.push((name, entry)),
            }
        }
        let blobs = self.snapshot.read(&unread.iter().map(|(_, entry)| entry).collect::<Vec<_>>())?;
        let glance = |(name, entry, blob): (String, Entry, _)| (Arc::new(File::read(name, &entry, blob)), entry);
        let unread = unread.into_iter().zip(blobs).map(|((name, entry), blob)| (name, entry, blob)).collect();
        let read = share_out(unread, SHARE, |files| Ok(files.into_iter().map(glance).collect()))?;
        for (file, entry) in read {
            self.parsed.remember(&file, entry);
            self.keep(file);
        }
        let mut res = Vec::new();
        for (name, entry) in named {
            let at = self.by_path.get(&entry.path).copied();
            self.by_name.entry(name).or_insert(at);
            res.extend(at);
        }
        Ok(res)
    }

    fn keep(&mut self, file: Arc<File>) {
        if self.size + file.size() > MOST_BYTES {
            return;
        }
        self.size += file.size();
        self.by_path.insert(file.path.clone(), self.files.len());
        self.files.push(file);
    }

    /// What lies under a name at the top of Python's path.
    fn top(&mut self, name: &str) -> Result<&[(RepoPath, Vec<Entry>)]> {
        if !self.tops.contains_key(name) {
            let mut found = Vec::new();
            for root in self.roots.iter().filter(|_| !is_library(name)) {
                let mut entries = self.snapshot.list(&root.join(name))?;
                entries.retain(|entry| entry.path.file_name().ends_with(b".py"));
                entries.extend(self.snapshot.find(&root.join(format!("{name}.py")))?);
                if !entries.is_empty() {
                    found.push((root.clone(), entries));
                }
            }
            self.tops.insert(name.to_owned(), found);
        }
        Ok(self.tops.get(name).map_or(&[], Vec::as_slice))
    }

    fn find(&mut self, name: &str) -> Result<Option<Entry>> {
        let path = name.replace('.', "/");
        for (root, entries) in self.top(name.split('.').next().unwrap_or_default())? {
            for tail in ["/__init__.py", ".py"] {
                let path = root.join(format!("{path}{tail}"));
                // the file beside the folder comes last
                let found = entries.binary_search_by(|entry| entry.path.cmp(&path)).ok().map(|at| &entries[at]);
                let found = found.or_else(|| entries.last().filter(|last| last.path == path));
                if let Some(entry) = found {
                    return Ok(Some(entry.clone()));
                }
            }
        }
        Ok(None)
    }

    /// The names of all modules below a package.
    fn modules_below(&mut self, package: &str) -> Result<Vec<String>> {
        let mut res = Vec::new();
        let folder = package.replace('.', "/");
        for (root, entries) in self.top(package.split('.').next().unwrap_or_default())? {
            let folder = root.join(&folder);
            let below = entries.iter().filter_map(|entry| entry.path.relative_to(&folder));
            for path in below.filter_map(|path| std::str::from_utf8(path).ok()) {
                let path = path.strip_suffix(".py").unwrap_or(path);
                let path = path.strip_suffix("/__init__").unwrap_or(path);
                if path != "__init__" {
                    res.push(format!("{package}.{}", path.replace('/', ".")));
                }
            }
        }
        Ok(res)
    }

    /// The name that imports probably have for a file: from the folder that is no package any more, or the nearest root.
    fn name_of(&mut self, path: &RepoPath) -> Result<String> {
        let mut folder = path.parent();
        while !folder.is_root() && self.is_package(&folder)? {
            folder = folder.parent();
        }
        if folder == path.parent() && !self.roots.contains(&folder) {
            let above = self.roots.iter().filter(|root| path.is_below(root));
            folder = above.max_by_key(|root| root.as_bytes().len()).cloned().unwrap_or(folder);
        }
        let name = String::from_utf8_lossy(path.relative_to(&folder).unwrap_or_default()).into_owned();
        let name = name.strip_suffix(".py").unwrap_or(&name);
        Ok(name.strip_suffix("/__init__").unwrap_or(name).replace('/', "."))
    }

    fn is_package(&mut self, folder: &RepoPath) -> Result<bool> {
        if let Some(known) = self.packages.get(folder) {
            return Ok(*known);
        }
        let is_package = self.snapshot.find(&folder.join("__init__.py"))?.is_some();
        self.packages.insert(folder.clone(), is_package);
        Ok(is_package)
    }
}

/// The package that a file goes through; the empty name is its own.
fn walked_package(file: &File, name: &str) -> Option<String> {
    if name.is_empty() {
        return match file.is_package {
            true => Some(file.name.clone()),
            false => file.name.rsplit_once('.').map(|(package, _)| package.to_owned()),
        };
    }
    if name.contains('.') {
        return Some(name.to_owned());
    }
    for import in &file.outline.imports {
        if import.names.is_empty() && import.module.rsplit('.').next() == Some(name) {
            return file.absolute(import.level, &import.module);
        }
        if let Some((known, _)) = import.names.iter().find(|(_, own)| own == name) {
            let base = file.absolute(import.level, &import.module)?;
            return Some(format!("{base}.{known}"));
        }
    }
    None
}

/// Marks the files whose classes derive from those of marked ones.
pub fn heirs(walk: &Walk, models: &mut [bool], counts: &dyn Fn(&RepoPath) -> bool) {
    loop {
        let mut grew = false;
        for at in 0..models.len() {
            let file = &walk.files[at];
            if models[at] || file.outline.classes.is_empty() || !counts(&file.path) {
                continue;
            }
            let mut bases = file.outline.classes.iter().flat_map(|(_, bases)| bases);
            if bases.any(|base| walk.origin(file, base, 0).is_some_and(|origin| models.get(origin) == Some(&true))) {
                models[at] = true;
                grew = true;
            }
        }
        if !grew {
            return;
        }
    }
}
