//! Finds the version locations that configuration cannot tell (set in code, by entry points, in a container): folders whose
//! files carry the revision header, grouped into environments by the ids they refer to. Never reads a file whose path
//! gives no reason to.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::alembic::Configured;
use super::tree::{Tree, parent};
use super::{Headers, Sighting};
use crate::git::{Blob, Entry, Kind};
use crate::source::RepoPath;

/// How many files of a folder are looked into to see whether it holds scripts.
const SAMPLE: usize = 4;

/// How far above a version location its `env.py` may lie: `versions/<release>/<branch>`.
const MAX_DEPTH: usize = 3;

/// Version locations that belong together.
#[derive(Clone, Debug)]
pub struct Discovered {
    /// The configured environment whose script location this is.
    pub configured: Option<usize>,
    /// The folder whose subfolders were compared; a new one there may belong here too.
    pub root: RepoPath,
    pub version_locations: Vec<RepoPath>,
    /// The environment (an index into the same list) these locations come on top of.
    pub extends: Option<usize>,
}

/// Groups every folder that holds scripts. The list begins with the configured environments, in their order, save those whose
/// default location is empty while folders below hold unrelated histories: they appear once for each history.
pub fn discover(tree: &Tree<'_>, configured: &[Configured], headers: &dyn Headers) -> Result<Vec<Discovered>> {
    let mut roots: BTreeMap<RepoPath, Vec<RepoPath>> = BTreeMap::new();
    let mut loose = Vec::new();
    for folder in bearing(tree, configured)? {
        match script_root(tree, &folder) {
            Some(root) => roots.entry(root).or_default().push(folder),
            None => loose.push(folder),
        }
    }
    let reader = Reader { tree, headers };
    let mut res = Vec::new();
    for (at, environment) in configured.iter().enumerate() {
        let root = &environment.script_location;
        let below = roots.remove(root).unwrap_or_default();
        let locations = &environment.version_locations;
        // Listed locations are trusted: what else lies there is put away on purpose.
        if environment.explicit || configured.iter().filter(|other| other.script_location == *root).count() > 1 {
            let version_locations = locations.clone();
            res.push(Discovered { configured: Some(at), root: root.clone(), version_locations, extends: None });
        } else {
            res.extend(reader.group(root, Some(at), locations, below)?);
        }
    }
    for (root, mut below) in roots {
        let usual = [root.join(b"versions"), root.clone()].into_iter().find(|usual| below.contains(usual));
        below.retain(|folder| Some(folder) != usual.as_ref());
        res.extend(reader.group(&root, None, usual.as_slice(), below)?);
    }
    res.retain(|found| found.configured.is_some() || !found.version_locations.is_empty());
    reader.attach(loose, configured, &mut res)?;
    Ok(res)
}

/// The folders that directly hold scripts and that configuration does not name, sorted; told by a sample of their files.
fn bearing(tree: &Tree<'_>, configured: &[Configured]) -> Result<Vec<RepoPath>> {
    let mut by_folder: BTreeMap<&[u8], Vec<&Entry>> = BTreeMap::new();
    // The files of a folder mostly come in a row.
    for run in tree.entries.chunk_by(|one, next| parent(one.path.as_bytes()) == parent(next.path.as_bytes())) {
        let is_script = |entry: &&Entry| is_script_name(entry.path.file_name()) && entry.path.file_name() != b"env.py";
        let mut scripts = run.iter().filter(is_script).peekable();
        if scripts.peek().is_some() {
            by_folder.entry(parent(run[0].path.as_bytes())).or_default().extend(scripts);
        }
    }
    by_folder.retain(|path, files| {
        let is_likely = has_telling_name(path) || files.iter().any(|file| has_script_name(file.path.file_name()));
        is_likely && !is_aside(path) && !configured.iter().any(|environment| environment.covers(&RepoPath::new(path)))
    });
    let mut samples = Vec::new();
    for (path, mut files) in by_folder {
        files.retain(|file| file.kind != Kind::Link);
        let n_files = files.len();
        // Spread evenly, so that what most files are shows.
        samples.extend((0..n_files.min(SAMPLE)).map(|n| (path, files[n * n_files / n_files.min(SAMPLE)])));
    }
    let files: Vec<&Entry> = samples.iter().map(|(_, file)| *file).collect();
    let mut hits: BTreeMap<&[u8], (usize, usize)> = BTreeMap::new();
    for ((path, _), blob) in samples.iter().zip(tree.snapshot.read(&files)?) {
        let (n_scripts, n_files) = hits.entry(path).or_default();
        *n_files += 1;
        *n_scripts += usize::from(matches!(blob, Blob::Bytes(bytes) if has_header(&bytes)));
    }
    // A script that strayed among other modules is not loaded.
    let are_scripts = hits.into_iter().filter(|(_, (n_scripts, n_files))| 2 * n_scripts > *n_files);
    Ok(are_scripts.map(|(path, _)| RepoPath::new(path)).collect())
}

/// Whether some line begins like `down_revision =` or `down_revision:`, which Alembic demands of every script. Says so of
/// files that no Python could parse, too.
fn has_header(bytes: &[u8]) -> bool {
    bytes.split(|&b| b == b'\n').filter_map(|line| line.strip_prefix(b"down_revision")).any(|rest| {
        let rest = rest.trim_ascii_start();
        rest.starts_with(b"=") || rest.starts_with(b":")
    })
}

/// Whether Alembic would take a file of this name for a script.
pub fn is_script_name(name: &[u8]) -> bool {
    name.ends_with(b".py") && !name.starts_with(b".#") && !name.starts_with(b"__init__")
}

/// Names as Alembic makes them: an id, or a number, and a slug.
pub fn has_script_name(name: &[u8]) -> bool {
    let Some(stem) = name.strip_suffix(b".py") else { return false };
    let n_hex = stem.iter().take_while(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b)).count();
    let n_digits = stem.iter().take_while(|b| b.is_ascii_digit()).count();
    let after = |n: usize| stem.get(n).copied();
    (n_hex >= 8 && matches!(after(n_hex), None | Some(b'_' | b'-')))
        || (n_digits >= 3 && matches!(after(n_digits), Some(b'_' | b'-')))
}

/// Whether some component of the folder's path is of the kind migrations are kept in.
pub fn has_telling_name(folder: &[u8]) -> bool {
    const WORDS: [&[u8]; 4] = [b"version", b"migrat", b"alembic", b"revision"];
    WORDS.iter().any(|word| folder.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word)))
}

/// Folders nobody upgrades a database from: test data and other people's code. Whoever does declares it in the settings.
pub fn is_aside(folder: &[u8]) -> bool {
    const ASIDE: [&[u8]; 11] = [
        b"__pycache__",
        b"tests",
        b"test",
        b"testing",
        b"__tests__",
        b"fixtures",
        b"testdata",
        b"node_modules",
        b"site-packages",
        b"venv",
        b".venv",
    ];
    folder.split(|&b| b == b'/').any(|part| ASIDE.contains(&part))
}

/// Whether a folder below `root` keeps what is no longer loaded.
fn is_put_away(folder: &RepoPath, root: &RepoPath) -> bool {
    const WORDS: [&str; 14] = [
        "archive",
        "archived",
        "archives",
        "attic",
        "backup",
        "backups",
        "deprecated",
        "disabled",
        "legacy",
        "obsolete",
        "old",
        "unused",
        "temp",
        "tmp",
    ];
    let below = folder.relative_to(root).unwrap_or(folder.file_name());
    let below = String::from_utf8_lossy(below).to_lowercase();
    below.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

fn script_root(tree: &Tree<'_>, folder: &RepoPath) -> Option<RepoPath> {
    let mut at = folder.clone();
    for _ in 0..=MAX_DEPTH {
        if tree.has_environment(&at) {
            return Some(at);
        }
        if at.is_root() {
            return None;
        }
        at = at.parent();
    }
    None
}

fn scripts_in<'a>(tree: &'a Tree<'_>, folder: &RepoPath, recursive: bool) -> Vec<&'a Entry> {
    let is_loaded = |path: &RepoPath| recursive || path.parent() == *folder;
    let below = tree.below(folder).iter();
    below.filter(|entry| is_script_name(entry.path.file_name()) && is_loaded(&entry.path)).collect()
}

/// The ids some locations define, and those they refer to without defining them.
#[derive(Clone, Default)]
struct History {
    ids: BTreeSet<String>,
    dangling: BTreeSet<String>,
}

impl History {
    fn new(sightings: Vec<Option<Sighting>>) -> Self {
        let mut res = Self::default();
        for sighting in sightings.into_iter().flatten() {
            res.ids.extend(sighting.revision);
            res.dangling.extend(sighting.refers_to);
        }
        res.settle();
        res
    }

    fn add(&mut self, other: &History) {
        self.ids.extend(other.ids.iter().cloned());
        self.dangling.extend(other.dangling.iter().cloned());
        self.settle();
    }

    fn settle(&mut self) {
        let Self { ids, dangling } = self;
        dangling.retain(|id| !ids.contains(id));
    }

    fn needs(&self, other: &History) -> bool {
        !self.dangling.is_disjoint(&other.ids)
    }

    /// Whether the two are parts of one history, and not two copies of one.
    fn hangs_with(&self, other: &History) -> bool {
        (self.needs(other) || other.needs(self)) && self.ids.is_disjoint(&other.ids)
    }
}

/// Reads the scripts of some version locations.
struct Reader<'a> {
    tree: &'a Tree<'a>,
    headers: &'a dyn Headers,
}

impl Reader<'_> {
    fn history(&self, locations: &[RepoPath], recursive: bool) -> Result<History> {
        let entries: Vec<&Entry> =
            locations.iter().flat_map(|location| scripts_in(self.tree, location, recursive)).collect();
        Ok(History::new(self.headers.sight(self.tree.snapshot, &entries)?))
    }

    fn histories(&self, folders: Vec<RepoPath>) -> Result<Vec<(History, RepoPath)>> {
        // one round of reading for all of them
        self.history(&folders, false)?;
        folders.into_iter().map(|path| Ok((self.history(std::slice::from_ref(&path), false)?, path))).collect()
    }

    /// Groups the folders below one script folder. Where the usual location holds scripts, it takes what hangs together with it as
    /// far as there is evidence that it is loaded, and the rest is put away; where it is empty, every history is an environment.
    fn group(
        &self,
        root: &RepoPath,
        configured: Option<usize>,
        usual: &[RepoPath],
        mut candidates: Vec<RepoPath>,
    ) -> Result<Vec<Discovered>> {
        let made = |version_locations| Discovered { configured, root: root.clone(), version_locations, extends: None };
        let is_used = usual.iter().any(|location| !scripts_in(self.tree, location, false).is_empty());
        if !is_used && candidates.iter().any(|path| !is_put_away(path, root)) {
            let at = candidates.iter().position(|path| !is_put_away(path, root)).unwrap_or(0);
            if candidates.len() == 1 {
                return Ok(vec![made(vec![candidates.remove(at)])]);
            }
            let mut res = Vec::new();
            let mut pending = self.histories(candidates)?;
            while let Some(at) = pending.iter().position(|(_, path)| !is_put_away(path, root)) {
                let (history, path) = pending.remove(at);
                let mut locations = absorb(vec![path], history, &mut pending, |path| !is_put_away(path, root));
                locations.sort();
                res.push(made(locations));
            }
            return Ok(res);
        }
        if !is_used || candidates.is_empty() {
            return Ok(vec![made(usual.to_vec())]);
        }
        // A script beside `env.py` was put into the wrong folder.
        candidates.retain(|path| path != root);
        let mut pending = self.histories(candidates)?;
        let own = self.history(usual, false)?;
        let all = absorb(usual.to_vec(), own.clone(), &mut pending.clone(), |path| !is_put_away(path, root));
        let below = &all[usual.len()..];
        let is_default = configured.is_some() || usual == [root.join(b"versions")];
        if !is_default || below.is_empty() || self.is_evident(root, &own, &pending, below)? {
            return Ok(vec![made(all)]);
        }
        Ok(vec![made(absorb(usual.to_vec(), own, &mut pending, |_| false))])
    }

    /// Whether folders below hang together with the default location because code loads them too, rather than lie there unused:
    /// they hold the bulk of the scripts, they are named after the two phases of a release, or code nearby speaks of them.
    fn is_evident(
        &self,
        root: &RepoPath,
        own: &History,
        found: &[(History, RepoPath)],
        below: &[RepoPath],
    ) -> Result<bool> {
        let n_below: usize =
            found.iter().filter(|(_, path)| below.contains(path)).map(|(history, _)| history.ids.len()).sum();
        // The code that loads these may be another repository's.
        let are_phases = below.iter().any(|path| matches!(path.file_name(), b"expand" | b"contract"));
        Ok(n_below > own.ids.len() || are_phases || self.code_lists_locations(root)?)
    }

    /// Whether a Python file in the script folder, or beside it, speaks of version locations.
    fn code_lists_locations(&self, root: &RepoPath) -> Result<bool> {
        const WORD: &[u8] = b"version_locations";
        let is_near = |folder: &[u8]| folder == root.as_bytes() || folder == parent(root.as_bytes());
        let is_code = |entry: &&Entry| {
            let path = entry.path.as_bytes();
            entry.kind != Kind::Link && path.ends_with(b".py") && is_near(parent(path))
        };
        let files: Vec<&Entry> = self.tree.below(&root.parent()).iter().filter(is_code).collect();
        let speaks = |blob: &Blob| matches!(blob, Blob::Bytes(bytes) if bytes.windows(WORD.len()).any(|at| at == WORD));
        let blobs = self.tree.snapshot.read(&files)?;
        let speaking = files.into_iter().zip(blobs).find(|(_, blob)| speaks(blob)).map(|(entry, _)| entry.clone());
        // What was found depends on that file.
        self.tree.followed.borrow_mut().extend(speaking.clone());
        Ok(speaking.is_some())
    }

    /// Folders without a script folder of their own: plugins that extend another environment, or histories of their own.
    fn attach(&self, loose: Vec<RepoPath>, configured: &[Configured], res: &mut Vec<Discovered>) -> Result<()> {
        let mut pending = self.histories(loose)?;
        if pending.iter().any(|(history, _)| !history.dangling.is_empty()) {
            for at in 0..res.len() {
                let base = res[at].clone();
                let recursive = base.configured.is_some_and(|at| configured[at].recursive);
                let history = self.history(&base.version_locations, recursive)?;
                let locations = absorb(base.version_locations.clone(), history, &mut pending, |path| {
                    !is_put_away(path, &base.root)
                });
                if locations.len() > base.version_locations.len() {
                    res.push(Discovered { version_locations: locations, extends: Some(at), ..base });
                }
            }
        }
        while !pending.is_empty() {
            let (history, path) = pending.remove(0);
            let root = if path.file_name() == b"versions" { path.parent() } else { path.clone() };
            let version_locations = absorb(vec![path], history, &mut pending, |path| !is_put_away(path, &root));
            res.push(Discovered { configured: None, root, version_locations, extends: None });
        }
        Ok(())
    }
}

/// Adds every pending folder that the history needs, or that hangs together with it and may be loaded unneeded, until none does.
fn absorb(
    mut locations: Vec<RepoPath>,
    mut history: History,
    pending: &mut Vec<(History, RepoPath)>,
    is_loaded: impl Fn(&RepoPath) -> bool,
) -> Vec<RepoPath> {
    let n_first = locations.len();
    while let Some(at) =
        pending.iter().position(|(other, path)| history.hangs_with(other) && (history.needs(other) || is_loaded(path)))
    {
        let (other, path) = pending.remove(at);
        history.add(&other);
        locations.push(path);
    }
    locations[n_first..].sort();
    locations
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::super::testing::{OneLine, layout, repository, shown};
    use super::*;

    fn located(scripts: &[&str], files: &[(&str, &str)]) -> Vec<String> {
        shown(&layout(&repository(scripts, files)))
    }

    const INI: (&str, &str) = ("alembic.ini", "[alembic]\nscript_location = db\n");

    #[test]
    fn scripts_are_found_without_configuration() {
        assert_eq!(located(&["db/versions/a.py:"], &[("db/env.py", "")]), ["db < -: db/versions"]);
        assert_eq!(located(&["db/migrations/a.py:"], &[]), ["db/migrations < -: db/migrations"]);
        assert_eq!(located(&["odd/place/1f2e3d4c5b6a_x.py:"], &[]), ["odd/place < -: odd/place"]);
        assert_eq!(
            located(&["migrations/a.py:"], &[("migrations/script.py.mako", "")]),
            ["migrations < -: migrations"]
        );
        assert_eq!(located(&["versions/a.py:"], &[("env.py", "")]), [". < -: versions"]);
        assert_eq!(located(&[], &[("app/migrations/0001_initial.py", "class Migration: pass\n")]), [""; 0]);
    }

    #[test]
    fn a_script_no_python_3_can_read_is_one_all_the_same() {
        let script = "<<<<<<< ours\nrevision = 'a'\ndown_revision: str | None = None\nprint 'x'\n";
        assert_eq!(located(&[], &[("db/versions/a.py", script)]), ["db < -: db/versions"]);
    }

    #[test]
    fn release_folders_that_refer_to_each_other_are_one_environment() {
        let scripts = [
            "db/versions/base.py:",
            "db/versions/r1/expand/e1.py: base",
            "db/versions/r1/contract/c1.py: base",
            "db/versions/r2/expand/e2.py: e1",
        ];
        let locations = "db/versions db/versions/r1/contract db/versions/r1/expand db/versions/r2/expand";
        let files = [("db/env.py", ""), INI];
        assert_eq!(located(&scripts, &files), [format!("db < alembic.ini: {locations}")]);
        assert_eq!(located(&scripts, &files[..1]), [format!("db < -: {locations}")]);
    }

    #[test]
    fn a_history_per_dialect_is_an_environment_each() {
        let scripts = ["db/versions/lite/a.py:", "db/versions/lite/b.py: a", "db/versions/post/c.py:"];
        assert_eq!(
            located(&scripts, &[("db/env.py", ""), INI]),
            ["db/versions/lite < alembic.ini: db/versions/lite", "db/versions/post < alembic.ini: db/versions/post"]
        );
    }

    #[test]
    fn what_was_put_away_stays_out_unless_it_is_needed() {
        let files = [("db/env.py", ""), INI];
        let alone = ["db < alembic.ini: db/versions"];
        assert_eq!(located(&["db/versions/a.py:", "db/versions/v1/old.py:"], &files), alone);
        assert_eq!(located(&["db/versions/a.py:", "db/versions/unused/x.py: a"], &files), alone);
        assert_eq!(located(&["db/versions/a.py:", "db/wrong.py: a"], &files), alone);
        assert_eq!(
            located(&["db/versions/b.py: a", "db/versions/archive/a.py:"], &files),
            ["db < alembic.ini: db/versions db/versions/archive"]
        );
    }

    /// The version locations of `db`, which are the same without an ini.
    fn extended(scripts: &[&str], code: &[(&str, &str)]) -> String {
        let files = [&[INI, ("db/env.py", "")], code].concat();
        let found = located(scripts, &files);
        assert_eq!(located(scripts, &files[1..]).concat().replace('-', "alembic.ini"), found.concat());
        found.concat().replace("db < alembic.ini: ", "")
    }

    #[test]
    fn a_folder_below_the_default_location_is_not_loaded_without_evidence() {
        for folder in ["db/versions/skipped", "db/versions/wip", "db/parked", "db/versions/by/ann"] {
            for down in ["a", "b", "a, b"] {
                let script = format!("{folder}/s.py: {down}");
                assert_eq!(extended(&["db/versions/a.py:", "db/versions/b.py: a", &script], &[]), "db/versions");
            }
        }
        let python = ("alembic.ini", "[alembic]\nscript_location = %(here)s/db\nrecursive_version_locations = True\n");
        let scripts = ["db/versions/a.py:", "db/versions/b.py: a", "db/versions/wip/s.py: a"];
        assert_eq!(located(&scripts, &[python, ("db/env.py", "")]), ["db < alembic.ini: db/versions"]);
        // Where scripts lie beside `env.py`, somebody has set the locations somewhere.
        let flat = ["migrations/a.py:", "migrations/b.py: a", "migrations/more/c.py: b"];
        assert_eq!(located(&flat, &[("migrations/env.py", "")]), ["migrations < -: migrations migrations/more"]);
    }

    #[test]
    fn what_the_default_location_needs_is_loaded() {
        let scripts = ["db/versions/b.py: a", "db/versions/c.py: b", "db/versions/y1/a.py:", "db/versions/wip/s.py: a"];
        assert_eq!(extended(&scripts, &[]), "db/versions db/versions/y1");
        let chain = ["db/versions/c.py: b", "db/versions/d.py: c", "db/versions/y1/a.py:", "db/versions/y2/b.py: a"];
        assert_eq!(extended(&chain, &[]), "db/versions db/versions/y1 db/versions/y2");
    }

    #[test]
    fn the_bulk_of_the_scripts_is_loaded() {
        let scripts = ["db/versions/a.py:", "db/versions/y1/b.py: a", "db/versions/y2/c.py: b"];
        assert_eq!(extended(&scripts, &[]), "db/versions db/versions/y1 db/versions/y2");
        assert_eq!(extended(&scripts[..2], &[]), "db/versions", "as many are not more");
        let apart = ["db/versions/a.py:", "db/versions/y1/b.py: a", "db/versions/v0/x.py:", "db/versions/v0/y.py: x"];
        assert_eq!(extended(&apart, &[]), "db/versions", "another history does not count");
    }

    #[test]
    fn the_phases_of_a_release_are_loaded() {
        let scripts = ["db/versions/a.py:", "db/versions/b.py: a", "db/versions/r1/expand/e.py: b"];
        assert_eq!(extended(&scripts, &[]), "db/versions db/versions/r1/expand");
    }

    #[test]
    fn what_code_nearby_lists_is_loaded() {
        let scripts = ["db/versions/a.py:", "db/versions/b.py: a", "db/versions/y1/c.py: b"];
        let code = "config.set_main_option('version_locations', locations())\n";
        for path in ["db/env.py", "db/cli.py", "manage.py"] {
            assert_eq!(extended(&scripts, &[(path, code)]), "db/versions db/versions/y1", "{path}");
        }
        for path in ["app/cli.py", "db/versions/README", "db/tools/cli.py"] {
            assert_eq!(extended(&scripts, &[(path, code)]), "db/versions", "{path}");
        }
        // the file that says so was read: where it says something else, the other tree is located anew
        let tree = |code| repository(&scripts, &[INI, ("db/env.py", ""), ("manage.py", code)]);
        let on = layout(&tree(code)).on(&tree(""), &Settings::default(), &OneLine).expect("can be read");
        assert_eq!(shown(&on), ["db < alembic.ini: db/versions"]);
    }

    #[test]
    fn listed_locations_are_trusted() {
        let ini = ("alembic.ini", "[alembic]\nscript_location = db\nversion_locations = db/one\n");
        let scripts = ["db/one/a.py:", "db/two/b.py: a"];
        assert_eq!(located(&scripts, &[("db/env.py", ""), ini]), ["db < alembic.ini: db/one"]);
    }

    #[test]
    fn plugins_that_refer_to_an_environment_extend_it() {
        let scripts = [
            "db/versions/a.py:",
            "plug/x/migrations/x1.py: a",
            "plug/y/migrations/y1.py: x1",
            "plug/z/migrations/z1.py:",
        ];
        assert_eq!(
            located(&scripts, &[("db/env.py", ""), INI]),
            [
                "db < alembic.ini: db/versions",
                "db and its extensions < alembic.ini: db/versions plug/x/migrations plug/y/migrations",
                "plug/z/migrations < -: plug/z/migrations",
            ]
        );
    }

    #[test]
    fn a_script_among_other_modules_is_astray() {
        let modules = [("db/env.py", ""), INI, ("app/a.py", ""), ("app/b.py", "")];
        assert_eq!(located(&["db/versions/x.py:", "app/0001_x.py: x"], &modules), ["db < alembic.ini: db/versions"]);
    }

    #[test]
    fn a_copy_is_not_an_extension() {
        let scripts = ["db/versions/a.py:", "db/versions/b.py: a", "copy/migrations/b.py: a"];
        let found = located(&scripts, &[("db/env.py", ""), INI]);
        assert_eq!(found, ["db < alembic.ini: db/versions", "copy/migrations < -: copy/migrations"]);
    }

    #[test]
    fn tests_and_other_peoples_code_are_no_environments() {
        assert_eq!(located(&["tests/data/migrations/versions/a.py:", "venv/x/versions/b.py:"], &[]), [""; 0]);
        let ini = ("tests/app/alembic.ini", "[alembic]\nscript_location = db\n");
        assert_eq!(located(&["tests/app/db/versions/a.py:"], &[ini, ("tests/app/db/env.py", "")]), [""; 0]);
        assert_eq!(
            located(&["{{project.slug}}/db/versions/a.py:"], &[("{{project.slug}}/db/env.py", "")]),
            ["{{project.slug}}/db < -: {{project.slug}}/db/versions"]
        );
    }

    #[test]
    fn names_alembic_makes_are_known() {
        for name in ["1f2e3d4c5b6a_add_x.py", "1f2e3d4c5b6a.py", "0001_x.py", "2024_05_01_1200-1f2e_x.py"] {
            assert!(has_script_name(name.as_bytes()), "{name}");
        }
        for name in ["models.py", "added.py", "facade_x.py", "1f2e3d4c5b6a_x.txt", "v1.py"] {
            assert!(!has_script_name(name.as_bytes()), "{name}");
        }
    }
}
