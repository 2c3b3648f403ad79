//! What Alembic's own configuration says: every ini section and `[tool.alembic]` table that leads to a script folder
//! (reference A.1, A.2). Finds no folder that configuration does not name.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;

use super::ini::Ini;
use super::place::{Places, here};
use super::tree::{Tree, distance};
use crate::git::{Blob, Entry, Kind};
use crate::source::{RepoPath, escape};

/// One environment as configured.
#[derive(Clone, Debug)]
pub struct Configured {
    /// `None` for the section `alembic` and for `[tool.alembic]`, which every environment has.
    pub section: Option<String>,
    pub file: RepoPath,
    pub script_location: RepoPath,
    /// In load order; some may not exist.
    pub version_locations: Vec<RepoPath>,
    /// Whether configuration lists the version locations, rather than leaving them to the default.
    pub explicit: bool,
    pub recursive: bool,
    pub url_scheme: Option<String>,
}

impl Configured {
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
    let version_locations = match &listed {
        Some(texts) => {
            let mut res = Vec::new();
            for text in texts {
                res.extend(places.version_location(text)?.filter(|location| !res.contains(location)));
            }
            res
        }
        None => {
            let default = script_location.join(b"versions");
            vec![tree.folder(&default)?.unwrap_or(default)]
        }
    };
    let recursive = match key("recursive_version_locations") {
        Some(text) => text == "true",
        None => table.is_some_and(|table| table.recursive_version_locations),
    };
    Ok(Some(Configured {
        section: section.map(|(_, name)| name.to_owned()).filter(|_| !is_main),
        file: file.clone(),
        script_location,
        version_locations,
        explicit: listed.is_some(),
        recursive,
        url_scheme: key("sqlalchemy.url").and_then(|url| scheme(&url)),
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
