//! Every case of `tests/it/models/`, created by the real SQLAlchemy on a real PostgreSQL: `<case>.json` beside the models
//! is what is there then (`SNAPSHOTS=overwrite` writes it). Judges the cases only; what onehead reads is for `tests/it/`.
//!
//! A case is a file, which becomes the module `models`, or a folder of files; `migrations/env.py` is made where it has
//! none, with the `Base.metadata` of that module, or what the line `# metadata: …` in it says. The truth is told for
//! `both` series of SQLAlchemy, or for `2.0` and `2.1`, where they differ or only one of them takes the models.
//! Those in `hostile/` have no truth.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cluster::Cluster;
use crate::python::{REQUIREMENTS, converse, pinned, python};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/metadata_says.py");
const OLDER: &str = include_str!("requirements-2.0.txt");
pub const SERIES: [&str; 2] = ["2.0", "2.1"];

#[test]
fn every_case_declares_what_is_recorded() {
    let cases = cases();
    let folders: Vec<TempDir> = cases.iter().map(|case| laid(case)).collect();
    let questions: Vec<Value> = folders.iter().map(|folder| json!({"models": folder.path()})).collect();
    let cluster = Cluster::start();
    let answers = thread::scope(|scope| {
        let asked = SERIES.map(|series| {
            let (cluster, questions) = (&cluster, &questions);
            scope.spawn(move || ask(series, cluster.socket(), &format!("models_{series}"), questions))
        });
        asked.map(|thread| thread.join().expect("no panic"))
    });
    let [older, newer] = &answers;
    let told = cases.iter().zip(older.iter().zip(newer));
    let complaints: Vec<String> = told
        .filter_map(|(case, (older, newer))| {
            let name = case.strip_prefix(root()).expect("below").display();
            let truth = match truth(older, newer) {
                Ok(truth) => truth,
                Err(error) => return Some(format!("{name}: {error}")),
            };
            recorded(&case.with_extension("json"), &truth).err().map(|error| format!("{name}: {error}"))
        })
        .collect();
    assert!(complaints.is_empty(), "{} of {} cases:\n{}", complaints.len(), cases.len(), complaints.join("\n"));
}

#[test]
fn every_truth_has_a_case() {
    let cases = cases();
    assert!(cases.len() >= 180, "{}", cases.len());
    for path in entries(&root()).iter().flat_map(|topic| entries(topic)) {
        let is_truth = path.extension().is_some_and(|extension| extension == "json");
        let has_case = |extension| cases.contains(&path.with_extension(extension));
        assert!(!is_truth || has_case("py") || has_case(""), "{}: of no case", path.display());
    }
}

/// What both series say.
fn truth(older: &Value, newer: &Value) -> Result<Value, String> {
    if older == newer && older.get("error").is_none() {
        return Ok(json!({"both": older}));
    }
    let told = SERIES.into_iter().zip([older, newer]).filter(|(_, answer)| answer.get("tables").is_some());
    let res: BTreeMap<&str, &Value> = told.collect();
    match res.is_empty() {
        true => Err(format!("{} and {}", older["error"], newer["error"])),
        false => Ok(json!(res)),
    }
}

/// The answers of a process with this series of SQLAlchemy, in a database of its own.
pub fn ask(series: &str, socket: &Path, database: &str, questions: &[Value]) -> Vec<Value> {
    let mut command: Command = python();
    command.arg(SCRIPT).arg(socket).arg(database).env("PYTHONHASHSEED", "0");
    if series == "2.0" {
        let folder = std::env::var_os("ONEHEAD_ORACLE_SQLALCHEMY_20");
        command.env("PYTHONPATH", folder.expect("ONEHEAD_ORACLE_SQLALCHEMY_20 names a folder with SQLAlchemy 2.0"));
    }
    let (itself, answers) = converse(&mut command, questions);
    assert_eq!(itself["sqlalchemy"], pinned(if series == "2.0" { OLDER } else { REQUIREMENTS }, "SQLAlchemy"));
    if let Some(failed) = answers.iter().find_map(|answer| answer.get("failed")) {
        panic!("{}", failed.as_str().unwrap_or_default());
    }
    answers
}

/// Whether the file says this; or it is written there.
pub fn recorded(path: &Path, truth: &Value) -> Result<(), String> {
    let mut text = String::new();
    lines(truth, 0, &mut text);
    text.push('\n');
    let assert = snapbox::Assert::new().action_env(snapbox::assert::DEFAULT_ACTION_ENV);
    let expected = snapbox::Data::read_from(path, None).raw();
    assert.try_eq(Some(&path.display()), text.into(), expected).map_err(|error| error.to_string())
}

/// JSON with a line for each thing that is more than a name and a value or a list of them.
fn lines(value: &Value, depth: usize, out: &mut String) {
    let is_list = |value: &Value| {
        value.as_array().is_none_or(|list| list.iter().all(|value| !value.is_object() && !value.is_array()))
    };
    let is_line = match value {
        Value::Object(map) => {
            map.contains_key("kind") || map.values().all(|value| !value.is_object() && is_list(value))
        }
        _ => is_list(value),
    };
    let entries: Vec<(Option<&String>, &Value)> = match value {
        _ if is_line => Vec::new(),
        Value::Object(map) => map.iter().map(|(name, value)| (Some(name), value)).collect(),
        Value::Array(list) => list.iter().map(|value| (None, value)).collect(),
        _ => Vec::new(),
    };
    if entries.is_empty() {
        let _ = write!(out, "{value}");
        return;
    }
    out.push_str(if value.is_object() { "{\n" } else { "[\n" });
    for (number, (name, entry)) in entries.iter().enumerate() {
        out.push_str(&" ".repeat(depth + 1));
        if let Some(name) = name {
            let _ = write!(out, "{}: ", Value::from(name.as_str()));
        }
        lines(entry, depth + 1, out);
        out.push_str(if number + 1 < entries.len() { ",\n" } else { "\n" });
    }
    out.push_str(&" ".repeat(depth));
    out.push(if value.is_object() { '}' } else { ']' });
}

/// The cases with a truth, sorted.
fn cases() -> Vec<PathBuf> {
    let topics = entries(&root()).into_iter().filter(|topic| !topic.ends_with("hostile"));
    let is_case = |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|extension| extension == "py");
    let mut res: Vec<PathBuf> = topics.flat_map(|topic| entries(&topic)).filter(is_case).collect();
    res.sort();
    res
}

/// The files of a case, in a folder.
fn laid(case: &Path) -> TempDir {
    let res = tempfile::tempdir().expect("a folder");
    if case.is_dir() {
        lay(case, res.path());
    } else {
        fs::copy(case, res.path().join("models.py")).expect("a copy");
    }
    let env = res.path().join("migrations/env.py");
    if !env.is_file() {
        let places = ["models.py", "models/__init__.py"].map(|place| res.path().join(place));
        let text = places.iter().find_map(|place| fs::read_to_string(place).ok()).expect("models");
        let said = text.lines().find_map(|line| line.strip_prefix("# metadata: "));
        fs::create_dir_all(res.path().join("migrations")).expect("a folder");
        let metadata = said.unwrap_or("Base.metadata");
        fs::write(env, format!("import models\n\ntarget_metadata = models.{metadata}\n")).expect("a file");
    }
    res
}

fn lay(layer: &Path, into: &Path) {
    fs::create_dir_all(into).expect("a folder");
    for from in entries(layer) {
        let to = into.join(from.file_name().expect("a name"));
        if from.is_dir() {
            lay(&from, &to);
        } else {
            fs::copy(from, to).expect("a copy");
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/models")
}

pub fn entries(path: &Path) -> Vec<PathBuf> {
    let mut res: Vec<_> = fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    res.sort();
    res
}
