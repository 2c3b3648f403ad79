//! What a project says it is installed with, as far as it decides how migrations run: SQLAlchemy's version and the drivers of
//! databases. Reads lock files and lists of requirements near an environment; installs and resolves nothing.

use std::sync::LazyLock;

use anyhow::Result;
use regex::{Captures, Regex};

use super::Environment;
use crate::git::{Blob, Entry, Snapshot};
use crate::source::RepoPath;

/// What tells of the installation: the texts of lock files and lists, the most telling first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies(Vec<String>);

impl Dependencies {
    /// Of the environment: the folder of its configuration first, then the ones above; a lock beats what it was made from.
    pub fn of(environment: &Environment, snapshot: &dyn Snapshot) -> Result<Dependencies> {
        let mut res = Vec::new();
        let start = environment.script_location.as_ref().or(environment.version_locations.first());
        let Some(mut folder) = start.cloned() else { return Ok(Dependencies(res)) };
        while !folder.is_root() {
            folder = folder.parent();
            res.extend(texts(&folder, snapshot)?);
        }
        Ok(Dependencies(res))
    }

    /// SQLAlchemy's version, major and minor; `None` when nothing says it, or what is said leaves it open.
    pub fn sqlalchemy(&self) -> Option<(u32, u32)> {
        self.0.iter().find_map(|text| sqlalchemy(text))
    }

    /// SQLModel's version, as far as a lock file or an exact requirement says it.
    pub fn sqlmodel(&self) -> Option<(u32, u32, u32)> {
        self.0.iter().find_map(|text| sqlmodel(text))
    }

    /// Whether a driver for PostgreSQL is among them.
    pub fn has_postgresql(&self) -> bool {
        self.0.iter().any(|text| POSTGRESQL.is_match(text))
    }
}

/// The files of a folder that tell of dependencies, locks first.
fn texts(folder: &RepoPath, snapshot: &dyn Snapshot) -> Result<Vec<String>> {
    const NAMES: [&str; 11] = [
        "uv.lock",
        "poetry.lock",
        "pdm.lock",
        "Pipfile.lock",
        "requirements.lock",
        "requirements.txt",
        "pyproject.toml",
        "Pipfile",
        "setup.cfg",
        "setup.py",
        "requirements.in",
    ];
    let mut entries: Vec<Entry> = Vec::new();
    for name in NAMES {
        entries.extend(snapshot.find(&folder.join(name))?);
    }
    let is_list = |entry: &Entry| entry.path.file_name().ends_with(b".txt");
    entries.extend(snapshot.list(&folder.join("requirements"))?.into_iter().filter(is_list));
    let blobs = snapshot.read(&entries.iter().collect::<Vec<_>>())?;
    let text = |blob| match blob {
        Blob::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Blob::Absent | Blob::TooLarge(_) => None,
    };
    Ok(blobs.into_iter().filter_map(text).collect())
}

/// The version a file leaves no doubt about.
fn sqlalchemy(text: &str) -> Option<(u32, u32)> {
    let number = |found: &Captures| Some((found[1].parse().ok()?, found[2].parse().ok()?));
    if let Some(found) = LOCKED.captures(text).or_else(|| LOCKED_JSON.captures(text)) {
        return number(&found);
    }
    let wanted = WANTED.captures(text)?;
    let mut res = None;
    for bound in BOUND.captures_iter(&wanted[1]) {
        let version: (u32, u32) =
            (bound[2].parse().ok()?, bound.get(3).map_or(Some(0), |minor| minor.as_str().parse().ok())?);
        let has_patch = bound.get(4).is_some();
        match &bound[1] {
            "==" | "===" => return Some(version),
            // "compatible with 2.0.1" stays below 2.1, "compatible with 2.0" below 3
            "~=" | "~" if has_patch => return Some(version),
            // the last minor before the bound, which is all that is asked for
            "<" if version.1 > 0 => res = Some((version.0, version.1 - 1)),
            "<" if version == (2, 0) => res = Some((1, 4)),
            "<=" => res = Some(version),
            ">=" | ">" if version >= (2, 1) => res = res.or(Some(version)),
            _ => {}
        }
    }
    res
}

fn sqlmodel(text: &str) -> Option<(u32, u32, u32)> {
    let found = SQLMODEL.captures(text)?;
    let number = |at: usize| found.get(at).map_or(Some(0), |number| number.as_str().parse().ok());
    Some((number(1)?, number(2)?, number(3)?))
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static LOCKED: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"(?i)name = "sqlalchemy"\r?\n(?:[a-z].*\r?\n){0,3}?version = "(\d+)\.(\d+)"#));
static LOCKED_JSON: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"(?i)"sqlalchemy"\s*:\s*\{[^}]*?"version"\s*:\s*"==(\d+)\.(\d+)"#));
static SQLMODEL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?im)(?:name = "sqlmodel"\r?\n(?:[a-z].*\r?\n){0,3}?version = "|"sqlmodel"\s*:\s*\{[^}]*?"version"\s*:\s*"==|^[\s"'\[]*sqlmodel(?:\s*\[[^\]]*\])?\s*(?:===?\s*|=\s*["']==?\s*))(\d+)\.(\d+)(?:\.(\d+))?"#,
    )
});
static WANTED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?im)^[\s"'\[]*sqlalchemy(?:\s*\[[^\]]*\])?["']?\s*(?:=\s*(?:\{.*?version\s*=\s*)?["'])?\s*\(?([=<>~!^*\d][^;#"'\n]*)"#,
    )
});
static BOUND: LazyLock<Regex> = LazyLock::new(|| regex(r"(===|==|~=|>=|<=|!=|\^|~|<|>)\s*(\d+)(?:\.(\d+))?(\.\d+)?"));
static POSTGRESQL: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\b(?:psycopg|asyncpg|pg8000|aiopg)"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_are_exact() {
        assert_eq!(sqlalchemy("[[package]]\nname = \"sqlalchemy\"\nversion = \"2.0.36\"\n"), Some((2, 0)));
        assert_eq!(sqlalchemy("[[package]]\nname = \"SQLAlchemy\"\nversion = \"1.4.9\"\n"), Some((1, 4)));
        assert_eq!(sqlalchemy(r#"{"default": {"sqlalchemy": {"hashes": ["a"], "version": "==2.1.0"}}}"#), Some((2, 1)));
        assert_eq!(sqlalchemy("name = \"sqlalchemy-utils\"\nversion = \"0.4\"\n"), None);
    }

    #[test]
    fn sqlmodel_counts_when_it_is_exact() {
        assert_eq!(sqlmodel("[[package]]\nname = \"sqlmodel\"\nversion = \"0.0.45\"\n"), Some((0, 0, 45)));
        assert_eq!(sqlmodel(r#"{"sqlmodel": {"hashes": [], "version": "==0.0.8"}}"#), Some((0, 0, 8)));
        assert_eq!(sqlmodel("fastapi\nsqlmodel==0.0.22\n"), Some((0, 0, 22)));
        assert_eq!(sqlmodel("    \"sqlmodel>=0.0.21,<1.0.0\",\n"), None);
        assert_eq!(sqlmodel("sqlmodel-extras==1.0.0\n"), None);
    }

    #[test]
    fn requirements_count_when_they_leave_no_doubt() {
        for (text, version) in [
            ("Flask\nSQLAlchemy==2.0.36  # pinned\n", Some((2, 0))),
            ("sqlalchemy[asyncio]==2.1.0\n", Some((2, 1))),
            ("sqlalchemy>=2.0,<2.1\n", Some((2, 0))),
            ("sqlalchemy<2\n", Some((1, 4))),
            ("sqlalchemy>=2.0\n", None),
            ("sqlalchemy>=2.1\n", Some((2, 1))),
            ("sqlalchemy~=2.0.10\n", Some((2, 0))),
            ("sqlalchemy~=2.0\n", None),
            ("dependencies = [\n    \"sqlalchemy>=2.0.9,<2.1.0\",\n]\n", Some((2, 0))),
            ("sqlalchemy = \"^2.0.1\"\n", None),
            ("sqlalchemy = \"2.0.1\"\n", None),
            ("sqlalchemy = {version = \"==1.4.1\", extras = [\"asyncio\"]}\n", Some((1, 4))),
            ("sqlalchemy\n", None),
            ("sqlalchemy-utils==0.41\n", None),
        ] {
            assert_eq!(sqlalchemy(text), version, "{text}");
        }
    }
}
