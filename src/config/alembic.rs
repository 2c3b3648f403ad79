//! What Alembic's own configuration says: every ini section and `[tool.alembic]` table that leads to a script folder
//! (reference A.1, A.2). Finds no folder that configuration does not name.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;

use super::ini::Ini;
use super::place::{Places, here};
use super::tree::{Tree, distance};
use crate::git::{Blob, Entry, Kind};
use crate::source::{RepoPath, escape, typed};

/// One environment as configured.
#[derive(Clone, Debug)]
pub struct Configured {
    /// `None` for the section `alembic` and for `[tool.alembic]`, which every environment has.
    pub section: Option<String>,
    pub file: RepoPath,
    pub script_location: RepoPath,
    /// In load order; some may not exist.
    pub version_locations: Vec<RepoPath>,
    /// Whether configuration lists version locations, and some are there, rather than leaving them to the default.
    pub explicit: bool,
    pub recursive: bool,
    pub url_scheme: Option<String>,
    /// The folder Alembic is started in, where a relative `script_location` tells.
    pub cwd: Option<RepoPath>,
    /// Whether `script_location` is left to Flask-Migrate.
    pub flask: bool,
}

impl Configured {
    /// How its Alembic is called from the root of the repository.
    pub fn command(&self) -> String {
        let flag = |name: &str, value: String, unless: &str| {
            if value == unless { String::new() } else { format!(" {name} {}", typed(&value)) }
        };
        if self.flask {
            return format!("flask db{}", flag("-d", self.script_location.to_string(), "migrations"));
        }
        let section = self.section.clone().map(|section| flag("-n", section, "")).unwrap_or_default();
        let folder = self.file.parent();
        match &self.cwd {
            Some(cwd) if !cwd.is_root() => {
                let file = self.file.relative_to(cwd).map(RepoPath::new).unwrap_or(self.file.clone());
                let config = flag("-c", file.to_string(), "alembic.ini");
                format!("cd {} && alembic{config}{section}", cwd.typed())
            }
            _ if self.file.file_name() == PYPROJECT && folder.is_root() => "alembic".into(),
            _ => format!("alembic{}{section}", flag("-c", self.file.to_string(), "alembic.ini")),
        }
    }

    /// Whether a folder's scripts are loaded.
    pub fn covers(&self, folder: &RepoPath) -> bool {
        let mut locations = self.version_locations.iter();
        locations.any(|location| location == folder || (self.recursive && folder.is_below(location)))
    }
}

/// What the configuration files of a snapshot say.
#[derive(Debug, Default)]
pub struct Found {
    /// Each set of version locations once, sorted by script location.
    pub environments: Vec<Configured>,
    /// The files that speak of Alembic, whatever came of it.
    pub files: Vec<Entry>,
    /// Files of Alembic's that Python could not read, and why.
    pub problems: Vec<(RepoPath, String)>,
}

/// Reads every configuration file of the tree.
pub fn read(tree: &Tree<'_>) -> Result<Found> {
    let mut res = Found::default();
    let files: Vec<&Entry> = tree.entries.iter().filter(|entry| is_configuration(&entry.path)).collect();
    let mut texts = Vec::new();
    for (entry, blob) in files.iter().zip(tree.snapshot.read(&files)?) {
        if blob == Blob::Absent && entry.path.file_name() == b"alembic.ini" {
            let why = "it is not in this clone; `git fetch --refetch --no-filter` brings it";
            res.problems.push((entry.path.clone(), why.to_owned()));
        }
        let Some(text) = text_of(tree, entry, blob)? else { continue };
        if speaks_of_alembic(&entry.path, &text) {
            res.files.push((*entry).clone());
            texts.push((entry.path.clone(), text));
        }
    }
    let mut tables = BTreeMap::new();
    for (path, text) in &texts {
        if path.file_name() == PYPROJECT {
            match toml::from_str::<Pyproject>(text) {
                Ok(file) => {
                    tables.insert(path.parent(), (path, file.tool.and_then(|tool| tool.alembic).unwrap_or_default()));
                }
                Err(error) => res.problems.push((path.clone(), escape(error.message()).into_owned())),
            }
        }
    }
    for (path, text) in &texts {
        if path.file_name() == PYPROJECT {
            continue;
        }
        match Ini::parse(text) {
            Ok(ini) => {
                let table = tables.get(&path.parent()).map(|(_, table)| table);
                for section in ini.sections() {
                    res.environments.extend(configured(tree, path, Some((&ini, section)), table)?);
                }
            }
            Err(error) => res.problems.push((path.clone(), escape(&error.to_string()).into_owned())),
        }
    }
    for (path, table) in tables.values() {
        res.environments.extend(configured(tree, path, None, Some(table))?);
    }
    res.environments = distinct(res.environments);
    Ok(res)
}

/// Whether a file of this name may configure Alembic.
pub fn is_configuration(path: &RepoPath) -> bool {
    let name = path.file_name();
    name.ends_with(b".ini") || name.ends_with(b".cfg") || name == PYPROJECT
}

const PYPROJECT: &[u8] = b"pyproject.toml";

#[derive(Deserialize)]
struct Pyproject {
    tool: Option<Tool>,
}

#[derive(Deserialize)]
struct Tool {
    alembic: Option<Table>,
}

#[derive(Default, Deserialize)]
struct Table {
    script_location: Option<String>,
    version_locations: Option<Vec<String>>,
    #[serde(default)]
    recursive_version_locations: bool,
}

fn text_of(tree: &Tree<'_>, entry: &Entry, blob: Blob) -> Result<Option<String>> {
    let blob = match entry.kind {
        Kind::Link => {
            let (real, _) = super::tree::follow(tree.snapshot, &entry.path)?;
            let Some(real) = real.as_ref().and_then(|real| tree.find(real)) else { return Ok(None) };
            // Another name of a file that is read anyway says nothing new, unless only this one is a configuration's.
            if is_configuration(&real.path) {
                return Ok(None);
            }
            tree.followed.borrow_mut().push(real.clone());
            tree.snapshot.read(&[real])?.pop().unwrap_or(Blob::Absent)
        }
        Kind::File | Kind::Conflict => blob,
    };
    Ok(match blob {
        Blob::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Blob::Absent | Blob::TooLarge(_) => None,
    })
}

fn speaks_of_alembic(path: &RepoPath, text: &str) -> bool {
    match path.file_name() == PYPROJECT {
        true => text.contains("tool.alembic") || (text.contains("[tool]") && text.contains("alembic")),
        false => text.contains("[alembic]") || text.to_lowercase().contains("script_location"),
    }
}

/// What one section, one table, or both together (the section first, as Alembic looks them up) lead to.
fn configured(
    tree: &Tree<'_>,
    file: &RepoPath,
    section: Option<(&Ini, &str)>,
    table: Option<&Table>,
) -> Result<Option<Configured>> {
    let folder = file.parent();
    let home = here(&folder);
    let is_main = section.is_none_or(|(_, name)| name == "alembic");
    if let Some((ini, name)) = section
        && !is_main
        && !ini.has_own(name, "script_location")
    {
        return Ok(None);
    }
    let key = |key: &str| section.and_then(|(ini, name)| ini.get(name, key, &home)).filter(|value| !value.is_empty());
    let format = |text: &String| format_toml(text, &home);
    let mut places = Places::new(tree, folder.clone());
    let location = key("script_location").or_else(|| table?.script_location.as_ref().and_then(format));
    let has_location = location.is_some();
    let script_location = match location {
        Some(text) => places.script_location(&text)?,
        // Flask-Migrate sets it in code: to the folder its ini lies in.
        None if section.is_some_and(|(ini, name)| !ini.has_own(name, "script_location")) => {
            places.script_folder(&folder)?
        }
        None => None,
    };
    let Some(script_location) = script_location else { return Ok(None) };
    let listed = key("version_locations").map(|text| {
        let separator = key("path_separator").or_else(|| key("version_path_separator"));
        split_locations(&text, separator.as_deref())
    });
    let listed = listed.or_else(|| Some(table?.version_locations.as_ref()?.iter().filter_map(format).collect()));
    let mut version_locations: Vec<RepoPath> = Vec::new();
    for text in listed.iter().flatten() {
        version_locations
            .extend(places.version_location(text)?.filter(|location| !version_locations.contains(location)));
    }
    // Where none of the listed folders can be found, the list means something that is known elsewhere only.
    let explicit = version_locations.iter().any(|location| tree.is_folder(location));
    if !explicit {
        let default = script_location.join(b"versions");
        version_locations = vec![tree.folder(&default)?.unwrap_or(default)];
    }
    let recursive = match key("recursive_version_locations") {
        Some(text) => text == "true",
        None => table.is_some_and(|table| table.recursive_version_locations),
    };
    Ok(Some(Configured {
        section: section.map(|(_, name)| name.to_owned()).filter(|_| !is_main),
        file: file.clone(),
        script_location,
        version_locations,
        explicit,
        recursive,
        url_scheme: key("sqlalchemy.url").and_then(|url| scheme(&url)),
        cwd: places.cwd().cloned(),
        flask: !has_location,
    }))
}

/// Splits `version_locations` as the separator key says; without one, on commas and spaces as of old. A value such as
/// `os  # a remark` counts as its first word: templates ship it, and Alembic stops there before any check could.
fn split_locations(text: &str, separator: Option<&str>) -> Vec<String> {
    let parts: Vec<&str> = match separator.and_then(|text| text.split_whitespace().next()) {
        Some("os" | ":") => text.split(':').collect(),
        Some(";") => text.split(';').collect(),
        Some("space") => text.split(' ').collect(),
        Some("newline") => text.split('\n').collect(),
        _ => text.split([',', ' ', '\n']).collect(),
    };
    parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Python's `%` formatting as Alembic applies it to strings of the table; `None` where it would raise.
fn format_toml(text: &str, home: &str) -> Option<String> {
    let mut res = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        res.push_str(before);
        rest = if let Some(after) = after.strip_prefix('%') {
            res.push('%');
            after
        } else {
            res.push_str(home);
            after.strip_prefix("(here)s")?
        };
    }
    Some(res + rest)
}

/// The dialect in a literal database URL.
fn scheme(url: &str) -> Option<String> {
    let scheme = url.split_once("://")?.0.split('+').next()?;
    let is_name = !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    // The default template's placeholder.
    (is_name && scheme != "driver").then(|| scheme.to_ascii_lowercase())
}

/// Several files may lead to the same scripts: they are one environment, told by the file somebody would look for.
fn distinct(mut environments: Vec<Configured>) -> Vec<Configured> {
    environments.sort_by_cached_key(|environment| {
        let name = environment.file.file_name();
        let is_usual = name == b"alembic.ini" || name == PYPROJECT;
        let steps = distance(&environment.file.parent(), &environment.script_location);
        (environment.script_location.clone(), !is_usual, steps, environment.file.clone())
    });
    let mut res: Vec<Configured> = Vec::new();
    for environment in environments {
        let sorted = |locations: &[RepoPath]| {
            let mut locations = locations.to_vec();
            locations.sort();
            locations
        };
        let key = sorted(&environment.version_locations);
        if !res.iter().any(|known| sorted(&known.version_locations) == key) {
            res.push(environment);
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::super::testing::{layout, repository, shown};
    use super::*;

    fn located(files: &[(&str, &str)]) -> Vec<String> {
        shown(&layout(&repository(&[], files)))
    }

    const ENV: &str = "";

    #[test]
    fn a_relative_location_is_looked_for_where_alembic_may_run() {
        let ini = "[alembic]\nscript_location = migrations\n";
        assert_eq!(
            located(&[("app/alembic.ini", ini), ("app/migrations/env.py", ENV)]),
            ["app/migrations < app/alembic.ini: app/migrations/versions"]
        );
        assert_eq!(
            located(&[("app/alembic.ini", ini), ("migrations/env.py", ENV)]),
            ["migrations < app/alembic.ini: migrations/versions"]
        );
        assert_eq!(
            located(&[("a/b/conf/alembic.ini", ini), ("a/migrations/env.py", ENV)]),
            ["a/migrations < a/b/conf/alembic.ini: a/migrations/versions"]
        );
        assert_eq!(located(&[("alembic.ini", ini), ("migrations/0001_initial.py", "")]), [""; 0]);
    }

    #[test]
    fn here_package_and_container_paths_lead_into_the_repository() {
        let ini = |location: &str| format!("[alembic]\nscript_location = {location}\n");
        let located = |file: &str, location: &str| located(&[(file, &ini(location)), ("src/shop/db/env.py", ENV)]);
        let expected = |file: &str| [format!("src/shop/db < {file}: src/shop/db/versions")];
        assert_eq!(located("src/shop/alembic.ini", "%(here)s/db"), expected("src/shop/alembic.ini"));
        assert_eq!(located("conf/alembic.ini", "%(here)s/../src/shop/db"), expected("conf/alembic.ini"));
        assert_eq!(located("alembic.ini", "shop:db"), expected("alembic.ini"));
        assert_eq!(located("alembic.ini", "src.shop:db"), expected("alembic.ini"));
        assert_eq!(located("alembic.ini", "/srv/app/shop/db"), expected("alembic.ini"));
        assert_eq!(located("src/shop/db/alembic.ini", "."), expected("src/shop/db/alembic.ini"));
        assert_eq!(located("alembic.ini", "{folder}"), [""; 0]);
        assert_eq!(located("alembic.ini", "%(here)s/../../etc"), [""; 0]);
    }

    #[test]
    fn of_several_candidates_the_nearest_to_the_file_wins() {
        let ini = ("ee/alembic.ini", "[alembic]\nscript_location = /app/db\n");
        assert_eq!(
            located(&[("core/db/env.py", ENV), ("ee/db/env.py", ENV), ini]),
            ["ee/db < ee/alembic.ini: ee/db/versions"]
        );
    }

    #[test]
    fn every_section_with_a_location_is_an_environment() {
        let ini =
            "[DEFAULT]\nscript_location = one\n[alembic]\n[tenant]\nscript_location = two\n[loggers]\nkeys = root\n";
        assert_eq!(
            located(&[("one/env.py", ENV), ("two/env.py", ENV), ("alembic.ini", ini)]),
            ["one < alembic.ini: one/versions", "tenant < alembic.ini: two/versions"]
        );
    }

    #[test]
    fn flask_migrate_tells_by_where_its_file_lies() {
        let ini = ("web/migrations/alembic.ini", "[alembic]\n# template\n[loggers]\nkeys = root\n");
        let expected = ["web/migrations < web/migrations/alembic.ini: web/migrations/versions"];
        assert_eq!(located(&[ini, ("web/migrations/env.py", ENV)]), expected);
        assert_eq!(located(&[ini, ("web/migrations/README", "")]), [""; 0]);
    }

    #[test]
    fn the_table_completes_the_ini_and_stands_alone() {
        let table = (
            "pyproject.toml",
            "[tool.alembic]\nscript_location = \"%(here)s/db\"\nversion_locations = [\"db/a\", \"%(here)s/db/b\"]\nrecursive_version_locations = true\nfile_template = \"%%(rev)s\"\n",
        );
        assert_eq!(located(&[table, ("db/env.py", ENV), ("db/a/1.py", "")]), ["db < pyproject.toml: db/a db/b"]);
        let files = [
            table,
            ("db/env.py", ENV),
            ("db/a/1.py", ""),
            ("alembic.ini", "[alembic]\nsqlalchemy.url = postgresql+psycopg://u@h/d\n"),
        ];
        let both = layout(&repository(&[], &files));
        assert_eq!(shown(&both), ["db < alembic.ini: db/a db/b"]);
        assert_eq!(both.environments[0].url_scheme.as_deref(), Some("postgresql"));
        assert!(both.environments[0].recursive);
    }

    #[test]
    fn files_that_mean_the_same_scripts_are_one_environment() {
        let ini = "[alembic]\nscript_location = %(here)s/../db\n";
        let files = [
            ("db/env.py", ENV),
            ("conf/a.ini", ini),
            ("conf/alembic.ini", ini),
            ("deep/x/alembic.ini", "[alembic]\nscript_location=db\n"),
        ];
        assert_eq!(located(&files), ["db < conf/alembic.ini: db/versions"]);
    }

    #[test]
    fn version_locations_split_as_the_separator_says() {
        let split = |text: &str, separator: Option<&str>| split_locations(text, separator).join("|");
        assert_eq!(split("a, b  c", None), "a|b|c");
        assert_eq!(split("a:b", None), "a:b");
        assert_eq!(split("a:b c", Some("os")), "a|b c");
        assert_eq!(split("a:b", Some("os  # Use os.pathsep.")), "a|b");
        assert_eq!(split("a;b", Some(";")), "a|b");
        assert_eq!(split("a  b", Some("space")), "a|b");
        assert_eq!(split("\na b\n\nc", Some("newline")), "a b|c");
        let ini = "[alembic]\nscript_location = db\nversion_locations = %(here)s/db/x:db/y:db/x\nversion_path_separator = os\n";
        let files = [("db/env.py", ENV), ("db/x/1.py", ""), ("alembic.ini", ini)];
        assert_eq!(located(&files), ["db < alembic.ini: db/x db/y"], "missing folders stay, doubles go");
    }

    #[test]
    fn listed_locations_that_are_nowhere_give_way_to_the_usual_one() {
        let ini = "[alembic]\nscript_location = db\nversion_locations = /opt/x/history\n";
        let found = layout(&repository(&["db/versions/a.py:"], &[("db/env.py", ENV), ("alembic.ini", ini)]));
        assert_eq!(shown(&found), ["db < alembic.ini: db/versions"]);
    }

    #[test]
    fn booleans_are_exact() {
        let recursive = |text: &str| {
            let ini = format!("[alembic]\nscript_location = db\nrecursive_version_locations = {text}\n");
            layout(&repository(&[], &[("db/env.py", ENV), ("alembic.ini", &ini)])).environments[0].recursive
        };
        assert!(recursive("true"));
        assert!(!recursive("True"));
        assert!(!recursive("yes"));
    }

    #[test]
    fn only_a_literal_url_has_a_scheme() {
        assert_eq!(scheme("sqlite:///x.db").as_deref(), Some("sqlite"));
        assert_eq!(scheme("MySQL+pymysql://h/d").as_deref(), Some("mysql"));
        assert_eq!(scheme("driver://user:pass@localhost/dbname"), None);
        assert_eq!(scheme("${URL}://x"), None);
        assert_eq!(scheme("none"), None);
    }

    #[test]
    fn a_file_python_cannot_read_is_told_and_its_scripts_are_found_all_the_same() {
        let broken = ("alembic.ini", "[alembic]\nscript_location = db\nscript_location = db\n");
        let found = layout(&repository(&["db/versions/a.py:"], &[broken, ("db/env.py", ENV)]));
        assert_eq!(shown(&found), ["db < -: db/versions"]);
        assert_eq!(found.problems, [("alembic.ini".into(), "line 3: key `script_location` is given twice".to_owned())]);
        assert_eq!(located(&[("php.ini", "; no section\nx = 1\nx = 2\n")]), [""; 0]);
    }

    #[test]
    fn links_are_followed_to_configuration_and_folders() {
        let snapshot = repository(
            &["db/versions/a.py:"],
            &[("db/env.py", ENV), ("conf/real.txt", "[alembic]\nscript_location = m\n")],
        )
        .link("alembic.ini", "conf/real.txt")
        .link("m", "./db");
        let found = layout(&snapshot);
        assert_eq!(shown(&found), ["db < alembic.ini: db/versions"]);
    }
}
