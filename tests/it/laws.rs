//! What must be true of the sources themselves: who imports whom, how long a file may be, that every rule is shown.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use onehead::rules::RULES;
use regex::Regex;

/// What each module of `src/` may import; a module that is not here (the command line and what starts it) may import all.
const LAYERS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("io", &[]),
    ("diagnostic", &["source"]),
    ("threads", &[]),
    ("git", &["source", "threads"]),
    ("python", &["source", "threads"]),
    ("schema", &["source"]),
    ("sql", &["schema"]),
    ("sqlalchemy", &["python", "schema", "sql"]),
    ("config", &["git", "source"]),
    ("migration", &["python", "schema", "source", "sql", "sqlalchemy"]),
    ("models", &["python", "schema", "source", "sqlalchemy"]),
    ("project", &["config", "git", "migration", "models", "python", "schema", "source", "sqlalchemy", "threads"]),
    ("rules", &["config", "diagnostic", "migration", "models", "project", "schema", "source"]),
    ("suppress", &["diagnostic", "python", "rules", "source"]),
    ("render", &["diagnostic", "schema", "source"]),
];

const ANYTHING: [&str; 3] = ["cli", "lib", "main"];

/// What only some files may name, as it stands in code.
const WALLS: &[(&str, &[&str])] = &[
    (r"\bgit2::", &["git/"]),
    (r"\bruff_\w+", &["python/", "migration/header.rs"]),
    (r"\bserde_json::", &["render/"]),
    (r"\bannotate_snippets::", &["render/"]),
    (r"\btoml::", &["config/"]),
    (r"\bgit::(\{[^}]*)?\bRepository\b", &["git/", "cli/"]),
    (r"\bstd::process::(Command|Stdio)|\bCommand::new\b", &["cli/"]),
    (r"\\x1b\[|\\u\{1b\}\[", &["render/"]),
    (r"\bpanic!\(|\bunreachable!\(|\btodo!\(", &[]),
];

const MAX_LINES: usize = 600;

/// One file of `src/`, tests cut off.
struct SourceFile {
    /// Relative to `src/`.
    name: String,
    /// The lines that are code.
    code: String,
    n_lines: usize,
}

impl SourceFile {
    fn module(&self) -> &str {
        self.name.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The modules at the crate's root that it names.
    fn imports(&self) -> BTreeSet<String> {
        let (one, many) = (Regex::new(r"\bcrate::(\w+)").unwrap(), Regex::new(r"\bcrate::\{([^}]*)\}").unwrap());
        let single = one.captures_iter(&self.code).map(|found| found[1].to_owned());
        let listed = many.captures_iter(&self.code).flat_map(|found| {
            found[1].split(',').map(|name| name.trim().split("::").next().unwrap().to_owned()).collect::<Vec<_>>()
        });
        single.chain(listed).filter(|name| is_module(name) && name != self.module()).collect()
    }
}

fn is_module(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name != "run"
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<SourceFile> {
    let mut res = Vec::new();
    let mut todo = vec![src()];
    let tests = Regex::new(r"(?m)^#\[cfg\(test\)\]\n(pub(\(super\))? )?mod tests\b").unwrap();
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let name = path.strip_prefix(src()).unwrap().to_str().unwrap().to_owned();
        if name.contains("/tests/") || name.ends_with("/testing.rs") || name.ends_with("/tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let text = &text[..tests.find(&text).map_or(text.len(), |found| found.start())];
        let is_code = |line: &&str| !line.trim_start().starts_with("//");
        let code: String = text.lines().filter(is_code).map(|line| format!("{line}\n")).collect();
        res.push(SourceFile { name, code, n_lines: text.lines().count() });
    }
    assert!(res.len() > 40, "the sources are found");
    res
}

#[test]
fn modules_import_downwards_only() {
    let mut wrong = Vec::new();
    for file in sources() {
        let module = file.module();
        if ANYTHING.contains(&module) {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module) else {
            panic!("src/{}: say in LAYERS what `{module}` may import", file.name);
        };
        let imports = file.imports();
        wrong.extend(
            imports
                .iter()
                .filter(|name| !allowed.contains(&name.as_str()))
                .map(|name| (file.name.clone(), name.clone())),
        );
        // the way round the table
        assert!(!file.code.contains("super::super::"), "src/{}: name it by `crate::`", file.name);
        assert!(file.name.contains('/') || !file.code.contains("super::"), "src/{}: name it by `crate::`", file.name);
    }
    assert_eq!(wrong, [], "(file, what it must not import)");
}

#[test]
fn the_table_allows_nothing_that_nobody_uses() {
    let sources = sources();
    for (module, allowed) in LAYERS {
        let used: BTreeSet<String> =
            sources.iter().filter(|file| file.module() == *module).flat_map(SourceFile::imports).collect();
        assert!(sources.iter().any(|file| file.module() == *module), "there is no `{module}`");
        let unused: Vec<_> = allowed.iter().filter(|name| !used.contains(**name)).collect();
        assert!(unused.is_empty(), "`{module}` does not import {unused:?}");
    }
}

#[test]
fn walls() {
    for (pattern, places) in WALLS {
        let pattern = Regex::new(pattern).unwrap();
        for file in sources() {
            if places.iter().any(|place| file.name.starts_with(place)) {
                continue;
            }
            let found = pattern.find(&file.code).map(|found| found.as_str());
            assert_eq!(found, None, "src/{}: only in {places:?}", file.name);
        }
    }
}

#[test]
fn files_are_short_and_say_what_they_own() {
    for SourceFile { name, n_lines, .. } in sources() {
        assert!(n_lines <= MAX_LINES, "src/{name} has {n_lines} lines without its tests");
        let stem = Path::new(&name).file_stem().unwrap().to_str().unwrap();
        for vague in ["utils", "util", "common", "helpers", "helper", "manager", "misc"] {
            assert!(!stem.split('_').any(|word| word == vague), "src/{name}");
        }
        let text = fs::read_to_string(src().join(&name)).unwrap();
        let is_rule = text.contains("declare_rule! {\n    ///");
        assert!(is_rule || text.starts_with("//! "), "src/{name} does not say what it owns");
    }
}

#[test]
fn a_rule_is_one_file_of_its_name() {
    for rule in RULES {
        let name = format!("rules/{}.rs", rule.name.replace('-', "_"));
        let text = fs::read_to_string(src().join(&name)).unwrap();
        assert!(text.contains(&format!("\"{}\",", rule.name)), "src/{name}");
    }
    let n_files = sources().iter().filter(|file| file.name.starts_with("rules/")).count();
    assert_eq!(n_files, RULES.len() + 4, "beside the rules: mod.rs, heads.rs, drift.rs and replay.rs");
}

#[test]
fn the_readme_lists_the_rules() {
    const START: &str = "<!-- rules -->\n";
    const END: &str = "<!-- /rules -->";
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let start = readme.find(START).expect("README.md has <!-- rules -->") + START.len();
    let end = start + readme[start..].find(END).expect("README.md has <!-- /rules -->");
    let mut expected = "| rule | weighs | reports |\n|---|---|---|\n".to_owned();
    for rule in RULES {
        let summary = rule.summary().trim_end_matches('.');
        expected += &format!("| `{}` | {} | {summary} |\n", rule.name, rule.severity.name());
    }
    assert!(readme[start..end] == expected, "between the markers README.md should read:\n{expected}");
}
