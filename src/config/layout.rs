//! Puts configuration and discovery together: the environments of one snapshot, and what to look at again in another one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use super::alembic::{self, Configured};
use super::discover::{Discovered, discover, is_aside, is_script_name};
use super::settings::Declared;
use super::tree::Tree;
use super::{Environment, Headers, Settings};
use crate::git::{Entry, Snapshot};
use crate::source::RepoPath;

/// The environments of one snapshot, and what they were computed from.
#[derive(Clone, Debug)]
pub struct Layout {
    pub environments: Vec<Environment>,
    /// Configuration files of Alembic's that Python could not read, and why. Their scripts are looked for all the same.
    pub problems: Vec<(RepoPath, String)>,
    /// Configuration files, links and code that were read and told something.
    files: Vec<Entry>,
    /// Script and version locations that were there.
    folders: BTreeSet<RepoPath>,
    /// Script folders whose subfolders were compared, and the folders with Python files there.
    roots: BTreeMap<RepoPath, BTreeSet<RepoPath>>,
}

/// Finds every environment of a snapshot: those the settings declare, else what Alembic's configuration says, completed by folders
/// whose files carry the revision header. Fails when a declared environment is not there, or the snapshot cannot be read.
pub fn locate(snapshot: &dyn Snapshot, settings: &Settings, headers: &dyn Headers) -> Result<Layout> {
    if !settings.environments.is_empty() {
        for declared in &settings.environments {
            must_exist(snapshot, declared, settings)?;
        }
        return Ok(declared(settings));
    }
    let tree = Tree::new(snapshot)?;
    let mut found = alembic::read(&tree)?;
    found.environments.retain(|environment| {
        environment.version_locations.is_empty()
            || environment.version_locations.iter().any(|location| !is_aside(location.as_bytes()))
    });
    let discovered = discover(&tree, &found.environments, headers)?;
    let mut environments: Vec<Environment> =
        discovered.iter().map(|one| environment(one, &found.environments, &tree)).collect();
    name(&mut environments, &discovered, &found.environments);
    let mut files = found.files;
    files.append(&mut tree.followed.borrow_mut());
    let folders = environments
        .iter()
        .flat_map(|environment| environment.script_location.iter().chain(&environment.version_locations))
        .filter(|folder| tree.is_folder(folder))
        .cloned()
        .collect();
    let roots = discovered
        .iter()
        .filter(|one| one.configured.is_none_or(|at| !found.environments[at].explicit))
        .map(|one| (one.root.clone(), script_folders(tree.below(&one.root))))
        .collect();
    Ok(Layout { environments, problems: found.problems, files, folders, roots })
}

impl Layout {
    /// The layout of another snapshot of the same repository: the same one when every file this one was read from is the same there
    /// and its folders exist, without listing more than those folders; else located anew.
    pub fn on(&self, other: &dyn Snapshot, settings: &Settings, headers: &dyn Headers) -> Result<Layout> {
        if !settings.environments.is_empty() {
            return Ok(declared(settings));
        }
        match !self.environments.is_empty() && self.holds_in(other)? {
            true => Ok(self.clone()),
            false => locate(other, settings, headers),
        }
    }

    fn holds_in(&self, other: &dyn Snapshot) -> Result<bool> {
        for file in &self.files {
            if other.find(&file.path)?.is_none_or(|entry| (entry.blob, entry.kind) != (file.blob, file.kind)) {
                return Ok(false);
            }
        }
        for (root, folders) in &self.roots {
            if script_folders(&other.list(root)?) != *folders {
                return Ok(false);
            }
        }
        for folder in &self.folders {
            let is_known = self.roots.contains_key(folder) || self.roots.values().any(|known| known.contains(folder));
            if !is_known && other.list(folder)?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn must_exist(snapshot: &dyn Snapshot, declared: &Declared, settings: &Settings) -> Result<()> {
    let folders = declared.script_location.iter().chain(&declared.version_locations);
    for folder in folders.clone() {
        if !snapshot.list(folder)?.is_empty() {
            return Ok(());
        }
    }
    let file = settings.file.clone().unwrap_or_default();
    let folders: Vec<String> = folders.map(|folder| format!("`{folder}`")).collect();
    bail!("{file}: environment `{}` is nowhere: no file lies in {}", declared.name, folders.join(", "))
}

fn declared(settings: &Settings) -> Layout {
    let environment = |declared: &Declared| Environment {
        name: declared.name.clone(),
        config: settings.file.clone(),
        script_location: declared.script_location.clone(),
        version_locations: declared.version_locations.clone(),
        recursive: declared.recursive,
        url_scheme: None,
        command: "alembic".into(),
    };
    Layout {
        environments: settings.environments.iter().map(environment).collect(),
        problems: Vec::new(),
        files: Vec::new(),
        folders: BTreeSet::new(),
        roots: BTreeMap::new(),
    }
}

fn environment(one: &Discovered, configured: &[Configured], tree: &Tree<'_>) -> Environment {
    let configured = one.configured.map(|at| &configured[at]);
    Environment {
        name: String::new(),
        config: configured.map(|configured| configured.file.clone()),
        script_location: match configured {
            Some(configured) => Some(configured.script_location.clone()),
            None => Some(one.root.clone()).filter(|root| tree.has_environment(root)),
        },
        version_locations: one.version_locations.clone(),
        recursive: configured.is_some_and(|configured| configured.recursive),
        url_scheme: configured.and_then(|configured| configured.url_scheme.clone()),
        command: configured.map_or("alembic".into(), Configured::command),
    }
}

/// The section's name, else the folder's; where that is not unique, the version location's.
fn name(environments: &mut [Environment], discovered: &[Discovered], configured: &[Configured]) {
    let text = |path: &RepoPath| if path.is_root() { ".".to_owned() } else { path.to_string() };
    let candidates: Vec<[String; 3]> = discovered
        .iter()
        .map(|one| {
            let section = one.configured.and_then(|at| configured[at].section.clone());
            let folder = text(&one.root);
            let location = one.version_locations.first().map_or(folder.clone(), text);
            [section.unwrap_or_else(|| folder.clone()), folder, location]
        })
        .collect();
    let mut taken = BTreeSet::new();
    for (at, one) in discovered.iter().enumerate() {
        let name = match one.extends {
            Some(base) => format!("{} and its extensions", environments[base].name),
            None => {
                let is_unique = |kind: usize| {
                    let mut others = candidates.iter().zip(discovered).enumerate().filter(|(n, _)| *n != at);
                    others.all(|(_, (other, found))| found.extends.is_some() || other[kind] != candidates[at][kind])
                };
                let kind = (0..3).find(|kind| is_unique(*kind)).unwrap_or(2);
                candidates[at][kind].clone()
            }
        };
        let mut unique = name.clone();
        let mut n = 2;
        while !taken.insert(unique.clone()) {
            unique = format!("{name} ({n})");
            n += 1;
        }
        environments[at].name = unique;
    }
}

fn script_folders(entries: &[Entry]) -> BTreeSet<RepoPath> {
    let mut res: BTreeSet<RepoPath> = BTreeSet::new();
    for entry in entries.iter().filter(|entry| is_script_name(entry.path.file_name())) {
        let folder = entry.path.parent();
        if !res.contains(&folder) {
            res.insert(folder);
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::super::may_matter;
    use super::super::testing::{OneLine, layout, repository, shown};
    use super::*;
    use crate::git::{Blob, MemorySnapshot};

    /// Refuses to list what only a new search would list.
    struct Thrifty(MemorySnapshot);

    impl Snapshot for Thrifty {
        fn list(&self, dir: &RepoPath) -> Result<Vec<Entry>> {
            assert!(!dir.is_root(), "lists the whole tree");
            self.0.list(dir)
        }

        fn find(&self, path: &RepoPath) -> Result<Option<Entry>> {
            self.0.find(path)
        }

        fn read(&self, entries: &[&Entry]) -> Result<Vec<Blob>> {
            self.0.read(entries)
        }
    }

    const INI: (&str, &str) = ("alembic.ini", "[alembic]\nscript_location = db\n");
    const ENV: (&str, &str) = ("db/env.py", "");

    fn on(layout: &Layout, other: &dyn Snapshot) -> Vec<String> {
        shown(&layout.on(other, &Settings::default(), &OneLine).expect("can be read"))
    }

    #[test]
    fn another_snapshot_with_the_same_configuration_is_not_searched() {
        let one = layout(&repository(&["db/versions/a.py:"], &[INI, ENV]));
        let other = repository(&["db/versions/b.py:", "x/migrations/c.py:"], &[INI, ENV, ("README", "")]);
        assert_eq!(on(&one, &Thrifty(other)), ["db < alembic.ini: db/versions"]);
    }

    #[test]
    fn another_snapshot_with_other_configuration_or_folders_is_searched() {
        let one = layout(&repository(&["db/versions/a.py:"], &[INI, ENV]));
        let moved = ("alembic.ini", "[alembic]\nscript_location = data\n");
        let moved = repository(&["data/versions/a.py:"], &[moved, ("data/env.py", "")]);
        assert_eq!(on(&one, &moved), ["data < alembic.ini: data/versions"]);
        let gone = repository(&["data/versions/a.py:"], &[INI]);
        assert_eq!(on(&one, &gone), ["data < -: data/versions"]);
        let released = repository(&["db/versions/a.py:", "db/versions/r1/expand/b.py: a"], &[INI, ENV]);
        assert_eq!(on(&one, &released), ["db < alembic.ini: db/versions db/versions/r1/expand"]);
        let empty = layout(&repository(&[], &[]));
        assert_eq!(on(&empty, &released), on(&one, &released));
    }

    #[test]
    fn paths_that_may_matter_are_told_by_name() {
        let yes = [
            "x/y.ini",
            "pyproject.toml",
            "onehead.toml",
            "a/env.py",
            "db/versions/x.py",
            "db/alembic",
            "odd/0001_x.py",
        ];
        for path in yes {
            assert!(may_matter(&path.into()), "{path}");
        }
        for path in ["app/models.py", "Cargo.toml", "db/migrations/1.sql", "README.md"] {
            assert!(!may_matter(&path.into()), "{path}");
        }
    }

    #[test]
    fn declared_environments_replace_all_others() {
        let settings = ("onehead.toml", "[[environments]]\nname = 'main'\nscript-location = 'other'\n");
        let snapshot = repository(&["db/versions/a.py:", "other/versions/b.py:"], &[INI, ENV, settings]);
        assert_eq!(shown(&layout(&snapshot)), ["main < onehead.toml: other/versions"]);
        let gone = repository(&[], &[settings]);
        let error = locate(&gone, &Settings::load(&gone).expect("is right"), &OneLine).expect_err("is nowhere");
        assert!(error.to_string().starts_with("onehead.toml: environment `main` is nowhere"), "{error}");
    }

    #[test]
    fn names_are_unique() {
        let ini = "[tenant]\nscript_location = %(here)s/db\n";
        let files = [("a/x.ini", ini), ("b/x.ini", ini), ("a/db/env.py", ""), ("b/db/env.py", "")];
        assert_eq!(
            shown(&layout(&repository(&[], &files))),
            ["a/db < a/x.ini: a/db/versions", "b/db < b/x.ini: b/db/versions"]
        );
        let root = layout(&repository(&[], &[("alembic.ini", "[alembic]\n"), ("env.py", "")]));
        assert_eq!(shown(&root), [". < alembic.ini: versions"]);
    }
}
