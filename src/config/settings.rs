//! onehead's own settings: `onehead.toml` at the root, else `[tool.onehead]` in the root `pyproject.toml`. Whether a rule's
//! name exists is for the caller to say.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use anyhow::{Result, bail};
use serde::Deserialize;
use toml::Spanned;

use super::tree::follow;
use crate::git::{Blob, Snapshot};
use crate::source::{Position, RepoPath, Source, escape};

pub const FILE_NAME: &[u8] = b"onehead.toml";

/// What the project says to onehead. The default is what holds without a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The file they were read from.
    pub file: Option<RepoPath>,
    /// The base branch.
    pub base: Option<String>,
    pub heads: Heads,
    /// `[rules]` in file order. Slugs are not checked here.
    pub rules: Vec<RuleLevel>,
    /// When not empty, these replace all discovery.
    pub environments: Vec<Declared>,
    pub models: Models,
}

/// `[models]`: what is compared with the migrations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models {
    /// Files and folders that declare tables, instead of what `env.py` imports.
    pub paths: Vec<RepoPath>,
    /// Files and folders that do not count.
    pub exclude: Vec<RepoPath>,
    /// Tables that are not compared; `*` stands for any characters.
    pub ignore_tables: Vec<String>,
    pub enforce: Enforce,
}

/// When a model change without its migration is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Enforce {
    #[default]
    Commit,
    /// For people who commit the model first.
    Push,
}

/// The `[heads]` policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heads {
    /// How many heads an environment may have; at least 1.
    pub max: usize,
    /// Whether a new base may bring a new head.
    pub new_bases: bool,
}

impl Default for Heads {
    fn default() -> Self {
        Self { max: 1, new_bases: false }
    }
}

/// One line of `[rules]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleLevel {
    pub slug: String,
    pub level: Level,
    /// Where the slug stands in [`Settings::file`].
    pub position: Position,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Error,
    Warning,
    Off,
}

/// One `[[environments]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    pub name: String,
    pub script_location: Option<RepoPath>,
    /// `versions` in the script location, unless given. Never empty.
    pub version_locations: Vec<RepoPath>,
    pub recursive: bool,
}

impl Settings {
    /// Reads the settings of a snapshot; defaults when it has none. Errors read `onehead.toml:3:1: what is wrong`.
    pub fn load(snapshot: &dyn Snapshot) -> Result<Settings> {
        if let Some(source) = read(snapshot, FILE_NAME)? {
            return parse::<File>(&source)?.settle(source);
        }
        if let Some(source) = read(snapshot, b"pyproject.toml")?
            && source.text.contains("onehead")
            && let Some(file) = parse::<Pyproject>(&source)?.tool.and_then(|tool| tool.onehead)
        {
            return file.settle(source);
        }
        Ok(Settings::default())
    }
}

#[derive(Deserialize)]
struct Pyproject {
    tool: Option<Tool>,
}

#[derive(Deserialize)]
struct Tool {
    onehead: Option<File>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    base: Option<String>,
    heads: Option<HeadsTable>,
    #[serde(default)]
    rules: BTreeMap<Spanned<String>, Level>,
    #[serde(default)]
    environments: Vec<EnvironmentTable>,
    models: Option<ModelsTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ModelsTable {
    #[serde(default)]
    paths: Vec<Spanned<String>>,
    #[serde(default)]
    exclude: Vec<Spanned<String>>,
    #[serde(default)]
    ignore_tables: Vec<String>,
    #[serde(default)]
    enforce: Enforce,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HeadsTable {
    max: Option<NonZeroUsize>,
    #[serde(default)]
    new_bases: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct EnvironmentTable {
    name: Spanned<String>,
    script_location: Option<Spanned<String>>,
    version_locations: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    recursive: bool,
}

fn read(snapshot: &dyn Snapshot, name: &[u8]) -> Result<Option<Source>> {
    let path = RepoPath::new(name);
    let Some(real) = follow(snapshot, &path)?.0 else { return Ok(None) };
    let Some(entry) = snapshot.find(&real)? else { return Ok(None) };
    match snapshot.read(&[&entry])?.pop() {
        Some(Blob::Bytes(bytes)) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Source::new(path, text))),
            Err(_) => bail!("{path} is not UTF-8"),
        },
        Some(Blob::TooLarge(size)) => bail!("{path} is too large to be settings ({size} bytes)"),
        Some(Blob::Absent) | None => bail!("{path} is not in this clone; fetch it with `git checkout -- {path}`"),
    }
}

fn parse<'a, T: Deserialize<'a>>(source: &'a Source) -> Result<T> {
    toml::from_str(&source.text).or_else(|error| {
        let message =
            error.message().replace("unknown field", "unknown key").replace("unknown variant", "unknown value");
        refuse(source, error.span().map_or(0, |span| span.start), &message)
    })
}

fn refuse<T>(source: &Source, offset: usize, message: &str) -> Result<T> {
    let Position { line, column } = source.position(offset);
    bail!("{}:{line}:{column}: {}", source.path, escape(&message.replace('\n', "; ")))
}

impl File {
    fn settle(self, source: Source) -> Result<Settings> {
        let mut rules: Vec<(usize, RuleLevel)> = Vec::new();
        for (slug, level) in self.rules {
            let start = slug.span().start;
            let position = source.position(start);
            rules.push((start, RuleLevel { slug: slug.into_inner(), level, position }));
        }
        rules.sort_by_key(|(start, _)| *start);
        let mut names = BTreeSet::new();
        let mut environments = Vec::new();
        for table in self.environments {
            if !names.insert(table.name.get_ref().clone()) {
                return refuse(&source, table.name.span().start, "an environment of this name is already declared");
            }
            environments.push(table.settle(&source)?);
        }
        let heads = self.heads.map_or_else(Heads::default, |heads| Heads {
            max: heads.max.map_or(1, NonZeroUsize::get),
            new_bases: heads.new_bases,
        });
        let rules = rules.into_iter().map(|(_, rule)| rule).collect();
        let models = self.models.map(|table| table.settle(&source)).transpose()?.unwrap_or_default();
        Ok(Settings { file: Some(source.path), base: self.base, heads, rules, environments, models })
    }
}

/// A path that the settings name.
fn inside(source: &Source, text: &Spanned<String>, what: &str) -> Result<RepoPath> {
    match RepoPath::root().resolve(text.get_ref().as_bytes()).filter(|_| !text.get_ref().starts_with('/')) {
        Some(path) => Ok(path),
        None => {
            let message = format!("the {what} must be relative to the repository's root and lie inside it");
            refuse(source, text.span().start, &message)
        }
    }
}

impl ModelsTable {
    fn settle(self, source: &Source) -> Result<Models> {
        let paths = |texts: Vec<Spanned<String>>| -> Result<Vec<RepoPath>> {
            texts.iter().map(|text| inside(source, text, "file or folder")).collect()
        };
        Ok(Models {
            paths: paths(self.paths)?,
            exclude: paths(self.exclude)?,
            ignore_tables: self.ignore_tables,
            enforce: self.enforce,
        })
    }
}

impl EnvironmentTable {
    fn settle(self, source: &Source) -> Result<Declared> {
        let folder = |text: Spanned<String>| inside(source, &text, "folder");
        let script_location = self.script_location.map(folder).transpose()?;
        let version_locations = match (self.version_locations, &script_location) {
            (Some(texts), _) if !texts.is_empty() => texts.into_iter().map(folder).collect::<Result<_>>()?,
            (_, Some(script_location)) => vec![script_location.join(b"versions")],
            (_, None) => {
                return refuse(source, self.name.span().start, "needs `script-location` or `version-locations`");
            }
        };
        let name = self.name.into_inner();
        Ok(Declared { name, script_location, version_locations, recursive: self.recursive })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::MemorySnapshot;

    fn load(files: &[(&str, &str)]) -> Result<Settings> {
        Settings::load(&MemorySnapshot::new(files.iter().copied()))
    }

    fn error(text: &str) -> String {
        load(&[("onehead.toml", text)]).map_or_else(|error| error.to_string(), |settings| format!("{settings:?}"))
    }

    #[test]
    fn everything_can_be_said() {
        let text = r#"
base = "develop"
[heads]
max = 2
new-bases = true
[rules]
multiple-heads = "warning"
duplicate-revision = "off"
[[environments]]
name = "core"
script-location = "db/core"
[[environments]]
name = "plugins"
version-locations = ["a/./versions", "b"]
recursive = true
[models]
paths = ["app/models", "lib/./tables.py"]
exclude = ["app/models/old"]
ignore-tables = ["tmp_*"]
enforce = "push"
"#;
        let settings = load(&[("onehead.toml", text)]).expect("is right");
        assert_eq!(settings.base.as_deref(), Some("develop"));
        assert_eq!(settings.heads, Heads { max: 2, new_bases: true });
        let rules: Vec<_> =
            settings.rules.iter().map(|rule| (rule.slug.as_str(), rule.level, rule.position.line)).collect();
        assert_eq!(rules, [("multiple-heads", Level::Warning, 7), ("duplicate-revision", Level::Off, 8)]);
        assert_eq!(settings.environments[0].version_locations, [RepoPath::from("db/core/versions")]);
        assert_eq!(settings.environments[1].version_locations, [RepoPath::from("a/versions"), RepoPath::from("b")]);
        assert!(settings.environments[1].recursive);
        let models = Models {
            paths: vec!["app/models".into(), "lib/tables.py".into()],
            exclude: vec!["app/models/old".into()],
            ignore_tables: vec!["tmp_*".to_owned()],
            enforce: Enforce::Push,
        };
        assert_eq!(settings.models, models);
    }

    #[test]
    fn the_own_file_wins_over_pyproject() {
        let pyproject = ("pyproject.toml", "[project]\nname = 'x'\n[tool.onehead]\nbase = 'trunk'\n");
        assert_eq!(load(&[pyproject]).expect("is right").base.as_deref(), Some("trunk"));
        let both = load(&[pyproject, ("onehead.toml", "")]).expect("is right");
        assert_eq!((both.base, both.file), (None, Some("onehead.toml".into())));
        assert_eq!(load(&[("pyproject.toml", "[tool.other]\nx = [")]).expect("is not ours"), Settings::default());
        assert_eq!(load(&[]).expect("is nothing"), Settings::default());
    }

    #[test]
    fn errors_point_at_what_is_wrong() {
        assert_eq!(
            error("\n\nbse = 'x'\n"),
            "onehead.toml:3:1: unknown key `bse`, expected one of `base`, `heads`, `rules`, `environments`, `models`"
        );
        assert_eq!(
            error("[heads]\nmax = 'two'"),
            "onehead.toml:2:7: invalid type: string \"two\", expected a nonzero usize"
        );
        assert!(error("[heads]\nmax = 0").starts_with("onehead.toml:2:7: "));
        assert_eq!(
            error("[rules]\nx = 'fatal'"),
            "onehead.toml:2:5: unknown value `fatal`, expected one of `error`, `warning`, `off`"
        );
        assert!(error("base = ").starts_with("onehead.toml:1:8: "));
        assert_eq!(
            error("[[environments]]\nname = 'x'"),
            "onehead.toml:2:8: needs `script-location` or `version-locations`"
        );
        assert!(error("[[environments]]\nname = 'x'\nscript-location = '../x'").starts_with("onehead.toml:3:19: "));
        assert!(
            error("[[environments]]\nname='x'\nscript-location='a'\n[[environments]]\nname='x'\nscript-location='b'")
                .starts_with("onehead.toml:5:6: an environment")
        );
        assert_eq!(
            error("[models]\npaths = ['a', '../b']"),
            "onehead.toml:2:15: the file or folder must be relative to the repository's root and lie inside it"
        );
        assert!(error("[models]\nexclude = ['/a']").starts_with("onehead.toml:2:12: the file or folder"));
        assert_eq!(
            error("[models]\nenforce = 'never'"),
            "onehead.toml:2:11: unknown value `never`, expected `commit` or `push`"
        );
        assert_eq!(
            error("[models]\nignore_tables = []"),
            "onehead.toml:2:1: unknown key `ignore_tables`, expected one of `paths`, `exclude`, `ignore-tables`, `enforce`"
        );
        let pyproject = load(&[("pyproject.toml", "[tool.onehead]\nbse = 1\n")]);
        assert!(pyproject.is_err_and(|error| error.to_string().starts_with("pyproject.toml:2:1: unknown key `bse`")));
    }
}
