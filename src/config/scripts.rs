//! The files of an environment in the order Alembic loads them (reference A.3). Reads names and link targets only.

use std::collections::HashSet;

use anyhow::Result;

use super::Environment;
use super::discover::is_script_name;
use super::tree::follow;
use crate::git::{Entry, Kind, Snapshot};
use crate::source::RepoPath;

impl Environment {
    /// The files Alembic would load, in its load order: version locations in turn, in each the files by name, then (when recursive)
    /// the folders by name. Links are resolved and a file met twice counts once, so an entry's path is where the file really lies.
    /// A version location that does not exist is empty; a link that leads nowhere, or out of the repository, is left out.
    pub fn scripts(&self, snapshot: &dyn Snapshot) -> Result<Vec<Entry>> {
        let mut seen = HashSet::new();
        let mut res = Vec::new();
        for location in &self.version_locations {
            let (folder, entries) = list(snapshot, location)?;
            let mut entries: Vec<Entry> = entries
                .into_iter()
                .filter(|entry| match entry.path.relative_to(&folder) {
                    Some(below) => is_loaded(below, self.recursive),
                    None => false,
                })
                .collect();
            // Python walks a folder's own files before its subfolders; they are sorted by path already.
            if self.recursive {
                entries.sort_by_cached_key(|entry| walk_key(entry.path.relative_to(&folder).unwrap_or_default()));
            }
            for entry in entries {
                let Some(entry) = real(snapshot, entry)? else { continue };
                if is_script_name(entry.path.file_name()) && seen.insert(entry.path.clone()) {
                    res.push(entry);
                }
            }
        }
        Ok(res)
    }
}

/// What lies in a folder that may be reached through a link.
fn list(snapshot: &dyn Snapshot, folder: &RepoPath) -> Result<(RepoPath, Vec<Entry>)> {
    let entries = snapshot.list(folder)?;
    let is_link = matches!(&entries[..], [only] if only.path == *folder);
    if !entries.is_empty() && !is_link {
        return Ok((folder.clone(), entries));
    }
    match follow(snapshot, folder)? {
        (Some(real), links) if !links.is_empty() => Ok((real.clone(), snapshot.list(&real)?)),
        _ => Ok((folder.clone(), Vec::new())),
    }
}

fn is_loaded(below: &[u8], recursive: bool) -> bool {
    let mut folders = below.split(|&b| b == b'/').rev().skip(1).peekable();
    folders.peek().is_none() || (recursive && !folders.any(|folder| folder.ends_with(b"__pycache__")))
}

/// Sorts a file before any folder beside it.
fn walk_key(below: &[u8]) -> Vec<(bool, Vec<u8>)> {
    let n_parts = below.split(|&b| b == b'/').count();
    below.split(|&b| b == b'/').enumerate().map(|(n, part)| (n + 1 < n_parts, part.to_vec())).collect()
}

fn real(snapshot: &dyn Snapshot, entry: Entry) -> Result<Option<Entry>> {
    if entry.kind != Kind::Link {
        return Ok(Some(entry));
    }
    match follow(snapshot, &entry.path)?.0 {
        Some(path) => Ok(snapshot.find(&path)?.filter(|entry| entry.kind != Kind::Link)),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::MemorySnapshot;

    fn environment(locations: &[&str], recursive: bool) -> Environment {
        Environment {
            name: "x".to_owned(),
            config: None,
            script_location: None,
            version_locations: locations.iter().map(|path| RepoPath::from(*path)).collect(),
            recursive,
            url_scheme: None,
            command: "alembic".into(),
        }
    }

    fn scripts(snapshot: &MemorySnapshot, locations: &[&str], recursive: bool) -> Vec<String> {
        let entries = environment(locations, recursive).scripts(snapshot).expect("can be read");
        entries.iter().map(|entry| entry.path.to_string()).collect()
    }

    fn files(paths: &[&str]) -> MemorySnapshot {
        MemorySnapshot::new(paths.iter().map(|path| (path, "")))
    }

    #[test]
    fn names_decide_what_is_loaded() {
        let names =
            ["v/_x.py", "v/.h.py", "v/test_x.py", "v/.#x.py", "v/__init__.py", "v/__init__x.py", "v/x.PY", "v/x.py~"];
        assert_eq!(scripts(&files(&names), &["v"], false), ["v/.h.py", "v/_x.py", "v/test_x.py"]);
    }

    #[test]
    fn folders_come_after_files_and_only_when_asked() {
        let snapshot =
            files(&["v/a/z.py", "v/a/b/c.py", "v/b.py", "v/Z.py", "v/a-b/y.py", "v/__pycache__/p.py", "vv/n.py"]);
        assert_eq!(scripts(&snapshot, &["v"], false), ["v/Z.py", "v/b.py"]);
        assert_eq!(scripts(&snapshot, &["v"], true), ["v/Z.py", "v/b.py", "v/a/z.py", "v/a/b/c.py", "v/a-b/y.py"]);
        assert_eq!(scripts(&snapshot, &["v/a", "missing", "v"], true)[..2], ["v/a/z.py", "v/a/b/c.py"]);
    }

    #[test]
    fn links_lead_to_the_real_file_once() {
        let snapshot = files(&["real/a.py", "real/b.txt", "c.py"])
            .link("v", "real")
            .link("real/0.py", "a.py")
            .link("real/b.py", "b.txt")
            .link("real/c", "../c.py")
            .link("real/gone.py", "nowhere.py")
            .link("real/out.py", "../../etc/passwd.py")
            .link("real/loop.py", "loop.py");
        assert_eq!(scripts(&snapshot, &["v"], false), ["real/a.py", "c.py"]);
    }
}
