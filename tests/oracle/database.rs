//! Every case of the replay rules, run by the real Alembic on a real PostgreSQL: what must fail fails with the error
//! that is foreseen, and what is good succeeds. Judges the cases only; what onehead says of them is for `tests/it/`.
//!
//! A case is a folder as in `tests/it/rules.rs`; its layers are laid over each other, and all over
//! `tests/it/environment/`. It runs in two ways, each in an empty database: `once` (`alembic upgrade heads`) and
//! `each` (a run for every revision, in Alembic's order; then the last is taken back and brought up again). Then all
//! are taken back. `<case>.toml` beside the folder tells what is foreseen; without one all of that succeeds, and a
//! downgrade leaves what was there before. The words are those of PostgreSQL up to 17: 18 takes `DROP VALUE` for a
//! feature to come, and lets a new value be used in the transaction that made its type.
//!
//! ```toml
//! sqlalchemy = "2.0"        # the SQLAlchemy of requirements-2.0.txt, not that of requirements.txt
//! rows = "INSERT …"         # SQL that is run before the last revision in `each`: a deployed database has rows
//! gone = ["users.kind"]     # what the last revision takes away: `t.column`, `table t`, `type t`, `index i`, …
//! left = ["type kind"]      # what differs from before when the last revision is taken back
//! unchanged = true          # the last revision does nothing
//!
//! [[fails]]                 # none: all succeeds
//! run = "once"              # or "each", "both" of them, "downgrade", "again" (the last revision after its downgrade),
//!                           # "ancestors": nothing but what this revision builds upon has run, or
//!                           # "alone": this revision as it is, all others as in the case `good-repaired` beside
//! revision = "b2f1"         # the one that fails
//! sqlstate = "42704"        # or `exception = "CompileError"`, what is raised before the database sees anything
//! message = 'type "kind" does not exist'  # its first line
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cluster::Cluster;
use crate::python::{REQUIREMENTS, converse, pinned, python};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/postgres_says.py");
const OLDER: &str = include_str!("requirements-2.0.txt");
/// Where cases lie, by rule.
const ROOTS: [&str; 2] = ["rules", "stories"];
/// What these find must fail.
const ERRORS: [&str; 8] = [
    "cast-without-using",
    "duplicate-object",
    "insert-without-required-column",
    "invalid-sql",
    "object-still-used",
    "undefined-object",
    "unnamed-constraint-drop",
    "unsafe-new-enum-value",
];
const WARNINGS: [&str; 6] = [
    "drop-type-cascade",
    "ignored-create-type",
    "irreversible-downgrade",
    "leftover-enum-type",
    "not-null-without-default",
    "unreviewed-autogenerate",
];
/// Cases of several rules, and of none.
const STORIES: [&str; 2] = ["incident", "no-rule"];

#[test]
fn every_rule_has_cases_that_a_database_judges() {
    let cases = cases();
    for (rule, kind) in ERRORS.iter().chain(&WARNINGS).flat_map(|rule| [(rule, "bad-"), (rule, "good-")]) {
        let start = format!("{rule}/{kind}");
        assert!(cases.iter().any(|case| case.name.starts_with(&start)), "no {start}…");
    }
    assert!(cases.len() >= 60, "{}", cases.len());
    for Case { name, foreseen, .. } in &cases {
        let (rule, case) = name.split_once('/').expect("a rule and a case");
        let (fails, bad) = (&foreseen.fails, case.starts_with("bad-"));
        assert!(bad || case.starts_with("good-"), "{name}");
        assert!(!fails.is_empty() || !bad || !ERRORS.contains(&rule), "{name}: an error that nobody sees");
        assert!(
            bad || fails.iter().all(|failure| failure.run == Run::Downgrade && failure.exception.is_some()),
            "{name}"
        );
        assert!(fails.iter().all(|failure| failure.sqlstate.is_some() != failure.exception.is_some()), "{name}");
    }
}

#[test]
fn every_case_runs_as_it_is_foreseen() {
    let cases = cases();
    let cluster = &Cluster::start();
    assert!(cluster.version() < 18, "PostgreSQL {} says otherwise", cluster.version());
    let n_workers = thread::available_parallelism().map_or(2, |n| n.get()).min(4);
    let (newer, older): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| case.foreseen.sqlalchemy.is_none());
    let mut work = vec![older];
    work.extend((0..n_workers).map(|i| newer.iter().copied().skip(i).step_by(n_workers).collect()));
    let complaints: Vec<String> = thread::scope(|scope| {
        let workers = work.iter().enumerate().map(|(i, cases)| (format!("worker_{i}"), cases, i == 0));
        let workers =
            workers.map(|(name, cases, older)| scope.spawn(move || judge(cases, older, cluster.socket(), &name)));
        let workers: Vec<_> = workers.collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no panic")).collect()
    });
    assert!(complaints.is_empty(), "{} of {} cases:\n{}", complaints.len(), cases.len(), complaints.join("\n"));
}

struct Case {
    /// The rule and the folder, and what is run `alone`.
    name: String,
    foreseen: Foreseen,
    files: TempDir,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Foreseen {
    sqlalchemy: Option<String>,
    rows: Option<String>,
    gone: BTreeSet<String>,
    left: BTreeSet<String>,
    unchanged: bool,
    fails: Vec<Failure>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Failure {
    run: Run,
    revision: String,
    sqlstate: Option<String>,
    exception: Option<String>,
    message: String,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Run {
    Once,
    Each,
    Both,
    Ancestors,
    Downgrade,
    Again,
    Alone,
}

fn cases() -> Vec<Case> {
    let mut res = Vec::new();
    let slugs = ERRORS.iter().chain(&WARNINGS).chain(&STORIES);
    for folder in ROOTS.iter().flat_map(|root| slugs.clone().map(move |slug| tests().join(root).join(slug))) {
        let cases = folders(&folder);
        for path in entries(&folder).iter().filter(|path| path.extension().is_some_and(|it| it == "toml")) {
            assert!(cases.contains(&path.with_extension("")), "{}: of no case", path.display());
        }
        for path in cases {
            let name = format!("{}/{}", file_name(&folder), file_name(&path));
            let text = fs::read_to_string(path.with_extension("toml")).unwrap_or_default();
            let foreseen: Foreseen = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}.toml: {error}"));
            assert!(foreseen.sqlalchemy.as_ref().is_none_or(|version| OLDER.contains(version)), "{name}");
            for alone in foreseen.fails.iter().filter(|failure| failure.run == Run::Alone) {
                let foreseen =
                    Foreseen { fails: vec![Failure { run: Run::Both, ..alone.clone() }], ..foreseen.clone() };
                let files = laid(&folder.join("good-repaired"));
                lay_revision(&path, &alone.revision, files.path());
                res.push(Case { name: format!("{name} (only {})", alone.revision), foreseen, files });
            }
            res.push(Case { name, foreseen, files: laid(&path) });
        }
    }
    res
}

/// What is wrong with these cases, run in a process and a database of their own.
fn judge(cases: &[&Case], older: bool, socket: &Path, database: &str) -> Vec<String> {
    let mut command = python();
    command.arg(SCRIPT).arg(socket).arg(database).env("PYTHONHASHSEED", "0");
    if older {
        let folder = std::env::var_os("ONEHEAD_ORACLE_SQLALCHEMY_20");
        command.env("PYTHONPATH", folder.expect("ONEHEAD_ORACLE_SQLALCHEMY_20 names a folder with SQLAlchemy 2.0"));
    }
    let question = |case: &&Case| {
        let ancestors = case.foreseen.fails.iter().find(|failure| failure.run == Run::Ancestors);
        let ancestors = ancestors.map(|failure| &failure.revision);
        json!({"cwd": case.files.path(), "rows": case.foreseen.rows, "ancestors": ancestors})
    };
    let (itself, answers) = converse(&mut command, &cases.iter().map(question).collect::<Vec<_>>());
    assert_eq!(itself["sqlalchemy"], pinned(if older { OLDER } else { REQUIREMENTS }, "SQLAlchemy"));
    let complaints = |(case, answer): (&&Case, &Value)| -> Vec<String> {
        let said = complaints(&case.foreseen, answer);
        said.into_iter().map(|complaint| format!("{}: {complaint}", case.name)).collect()
    };
    cases.iter().zip(&answers).flat_map(complaints).collect()
}

fn complaints(foreseen: &Foreseen, answer: &Value) -> Vec<String> {
    let mut res = Vec::new();
    let (down, again) = (("down", [Run::Downgrade; 2]), ("again", [Run::Again; 2]));
    for (way, parts) in [
        ("once", vec![("up", [Run::Once, Run::Both]), down]),
        ("each", vec![("up", [Run::Each, Run::Both]), down, again]),
        ("ancestors", vec![("up", [Run::Ancestors; 2])]),
    ] {
        for (part, runs) in parts {
            let failure = foreseen.fails.iter().find(|failure| runs.contains(&failure.run));
            let failure = failure.map_or(Value::Null, failure_as_said);
            let said = &answer[way][part];
            if *said != failure {
                res.push(format!("{way}, {part}: {said}, not {failure}"));
            }
            if !said.is_null() {
                break;
            }
        }
    }
    let last = &answer["each"]["last"];
    let (before, after) = (objects(&last["before"]), objects(&last["after"]));
    let gone: BTreeSet<_> = before.keys().filter(|name| !after.contains_key(*name)).cloned().collect();
    if !foreseen.gone.is_subset(&gone) {
        res.push(format!("gone: {gone:?}"));
    }
    if foreseen.unchanged && before != after {
        res.push("something changed".to_owned());
    }
    if last.get("back").is_some() {
        let back = objects(&last["back"]);
        let differs = |name: &&String| before.get(*name) != back.get(*name);
        let left: BTreeSet<_> = before.keys().chain(back.keys()).filter(differs).cloned().collect();
        if left != foreseen.left {
            res.push(format!("left: {left:?}"));
        }
    }
    let base = objects(&answer["each"]["base"]);
    if let Some(name) = base.keys().find(|name| !foreseen.left.contains(*name)) {
        res.push(format!("left at the base: {name}"));
    }
    res
}

/// The failure in the form in which it is told.
fn failure_as_said(failure: &Failure) -> Value {
    let mut res = json!({"revision": failure.revision, "message": failure.message});
    for (name, value) in [("sqlstate", &failure.sqlstate), ("exception", &failure.exception)] {
        if let Some(value) = value {
            res[name] = json!(value);
        }
    }
    res
}

fn objects(value: &Value) -> BTreeMap<String, Value> {
    value.as_object().map(|map| map.iter().map(|(name, how)| (name.clone(), how.clone())).collect()).unwrap_or_default()
}

/// The files of a case, in a folder.
fn laid(case: &Path) -> TempDir {
    let res = tempfile::tempdir().expect("a folder");
    lay(&tests().join("environment"), res.path());
    let layers = ["before", "base", "after"].map(|layer| case.join(layer));
    if layers.iter().any(|layer| layer.is_dir()) {
        layers.iter().filter(|layer| layer.is_dir()).for_each(|layer| lay(layer, res.path()));
    } else {
        lay(case, res.path());
    }
    res
}

/// An empty file removes the one below it.
fn lay(layer: &Path, into: &Path) {
    fs::create_dir_all(into).expect("a folder");
    for entry in fs::read_dir(layer).expect("a folder") {
        let from = entry.expect("an entry").path();
        let to = into.join(file_name(&from));
        if from.is_dir() {
            lay(&from, &to);
        } else if fs::read(&from).expect("a file").is_empty() {
            fs::remove_file(to).expect("a file below");
        } else {
            fs::copy(from, to).expect("a copy");
        }
    }
}

/// The file of one revision of a case, laid over those of another.
fn lay_revision(case: &Path, revision: &str, into: &Path) {
    let versions = Path::new("migrations/versions");
    let files = fs::read_dir(case.join(versions)).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files = files.filter(|path| file_name(path).starts_with(&format!("{revision}_")));
    let file = files.next().unwrap_or_else(|| panic!("{}: no {revision}", case.display()));
    let to = into.join(versions).join(file_name(&file));
    assert!(to.is_file() && files.next().is_none(), "{}", file.display());
    fs::copy(file, to).expect("a copy");
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it")
}

/// The folders in a folder, sorted; none when it is not there.
fn folders(path: &Path) -> Vec<PathBuf> {
    let mut res: Vec<_> = entries(path).into_iter().filter(|path| path.is_dir()).collect();
    res.sort();
    res
}

fn entries(path: &Path) -> Vec<PathBuf> {
    fs::read_dir(path).into_iter().flatten().map(|entry| entry.expect("an entry").path()).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().and_then(|name| name.to_str()).expect("UTF-8").to_owned()
}
