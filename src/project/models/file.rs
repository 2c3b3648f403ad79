//! A Python file of the project: what is seen of it at a glance, and its syntax tree once that is asked for.

use std::sync::{Arc, LazyLock, OnceLock};

use regex::Regex;

use crate::git::{Blob, Entry, Kind};
use crate::python::imports::{self, Outline};
use crate::python::interpret::ParsedModule;
use crate::python::{decode, is_deep, parse};
use crate::source::{RepoPath, Source};

/// Bytes of the largest file that is read: none that is written by hand is larger.
const LARGEST: usize = 1 << 20;

/// How much a file looks like one that declares tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// How many tables it seems to declare.
    pub tables: usize,
    /// How many columns, and other things that belong to a table: it may be a mixin.
    pub parts: usize,
}

impl Looks {
    pub fn any(self) -> bool {
        self.tables + self.parts > 0
    }
}

pub struct File {
    /// The absolute dotted name.
    pub name: String,
    pub path: RepoPath,
    pub is_package: bool,
    pub looks: Looks,
    pub outline: Outline,
    /// `None`: it is not there, too large, or not text.
    text: Option<String>,
    /// Git could not merge it.
    conflict: bool,
    module: OnceLock<Option<Arc<ParsedModule>>>,
}

impl File {
    /// What a blob of a snapshot says at a glance.
    pub fn read(name: String, entry: &Entry, blob: Blob) -> File {
        let (looks, text) = match blob {
            Blob::Bytes(bytes) => match decode(&bytes).ok().filter(|text| text.len() <= LARGEST) {
                Some(text) => (looks(&text), Some(text)),
                None => (looks(&String::from_utf8_lossy(&bytes)), None),
            },
            // what is not here may be anything
            Blob::Absent | Blob::TooLarge(_) => (Looks { tables: 0, parts: 1 }, None),
        };
        let outline = text.as_deref().map(imports::outline).unwrap_or_default();
        File {
            name,
            path: entry.path.clone(),
            is_package: entry.path.file_name() == b"__init__.py",
            looks,
            outline,
            text,
            conflict: entry.kind == Kind::Conflict,
            module: OnceLock::new(),
        }
    }

    /// Its syntax tree, parsed when it is first asked for; run it on a deep stack. `None` when it is not there, or Python would
    /// not compile it.
    pub fn module(&self) -> Option<&Arc<ParsedModule>> {
        let parsed = || {
            let text = self.text.as_ref().filter(|text| !self.conflict && !is_deep(text))?;
            let parsed = parse(text);
            let module = ParsedModule {
                source: Arc::new(Source::new(self.path.clone(), text.clone())),
                statements: parsed.statements,
                name: self.name.clone(),
                is_package: self.is_package,
            };
            parsed.error.is_none().then(|| Arc::new(module))
        };
        self.module.get_or_init(parsed).as_ref()
    }

    /// Its text for messages, as far as it can be read.
    pub fn source(&self) -> Arc<Source> {
        Arc::new(Source::new(self.path.clone(), self.text.clone().unwrap_or_default()))
    }

    pub fn size(&self) -> usize {
        self.text.as_ref().map_or(0, String::len)
    }
    /// What an import in it starts from: the absolute dotted name, or `None` when it leaves the project.
    pub fn absolute(&self, level: usize, module: &str) -> Option<String> {
        if level == 0 {
            return Some(module.to_owned()).filter(|module| !module.is_empty());
        }
        let mut parts: Vec<&str> = self.name.split('.').collect();
        let n_up = level - usize::from(self.is_package);
        parts.truncate(parts.len().checked_sub(n_up)?);
        parts.extend(Some(module).filter(|module| !module.is_empty()));
        Some(parts.join(".")).filter(|name| !name.is_empty())
    }
}

/// How much a text looks like one that declares tables.
pub fn looks(text: &str) -> Looks {
    let mut res = Looks::default();
    for found in WORDS.find_iter(text) {
        match found.as_str().as_bytes() {
            b"olumn(" | b"mapped_column" | b"Mapped[" | b"mapper(" | b"Index(" | b"Constraint(" | b"__table_args__"
            | b"map_imperatively" => res.parts += 1,
            _ => res.tables += 1,
        }
    }
    res
}

/// What a file that declares no table may still say of one: the lines outside of functions that bind a name, import or name a member of
/// an enumeration, sorted.
pub fn plain_lines(text: &str) -> Vec<&str> {
    let (mut res, mut inside) = (Vec::new(), None);
    for line in text.lines() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        if code.is_empty() || code.starts_with('#') || inside.is_some_and(|outer| indent > outer) {
            continue;
        }
        inside = (code.starts_with("def ") || code.starts_with("async def ")).then_some(indent);
        if inside.is_none() {
            res.push(line.trim_end());
        }
    }
    res.sort_unstable();
    res
}

static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    let parts = r"olumn\(|mapped_column|Mapped\[|mapper\(|Index\(|Constraint\(|__table_args__|map_imperatively";
    let tables =
        r#"__tablename__\s*[=:]|__table__\s*=|table=True|table = True|\bTable\(\s*["']|\(\s*(?:\w+\.)?Model\b"#;
    Regex::new(&format!("{parts}|{tables}")).expect("a constant pattern")
});
