//! Every pair of a database and models in `tests/it/comparisons/`, compared by the real autogenerate on a real PostgreSQL: what the case
//! says that Alembic finds, it finds. What onehead finds is for `tests/it/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::python::{converse, python};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/alembic_compares.py");

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(default)]
    defaults: bool,
    database: String,
    models: String,
    changes: Vec<String>,
}

#[test]
fn alembic_finds_what_the_cases_say() {
    let cases = cases();
    let cluster = &Cluster::start();
    let n_workers = thread::available_parallelism().map_or(2, |n| n.get()).min(4);
    let complaints: Vec<String> = thread::scope(|scope| {
        let shares = cases.chunks(cases.len().div_ceil(n_workers)).enumerate();
        let workers =
            shares.map(|(i, share)| scope.spawn(move || judge(share, cluster.socket(), &format!("compare_{i}"))));
        workers.collect::<Vec<_>>().into_iter().flat_map(|worker| worker.join().expect("no panic")).collect()
    });
    assert!(complaints.is_empty(), "{} of {} cases:\n{}", complaints.len(), cases.len(), complaints.join("\n"));
}

fn judge(cases: &[(String, Case)], socket: &Path, database: &str) -> Vec<String> {
    let question = |(_, case): &(String, Case)| -> Value {
        json!({"database": case.database, "models": case.models, "defaults": case.defaults})
    };
    let questions: Vec<Value> = cases.iter().map(question).collect();
    let (_, answers) = converse(python().arg(SCRIPT).arg(socket).arg(database), &questions);
    let differ = |((file, case), answer): (&(String, Case), Value)| {
        (answer != json!(case.changes)).then(|| format!("{file}, {}: {answer}, and not {:?}", case.name, case.changes))
    };
    cases.iter().zip(answers).filter_map(differ).collect()
}

fn cases() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/comparisons");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let cases: Cases = toml::from_str(&fs::read_to_string(path).expect("UTF-8")).expect("TOML");
        let file = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        cases.case.into_iter().map(move |case| (file.clone(), case))
    };
    paths.iter().flat_map(read).collect()
}
