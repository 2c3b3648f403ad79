//! Every case of `tests/it/drift/`, compared by the real Alembic on a real PostgreSQL: `<case>.json` beside the folder is
//! what `compare_metadata` finds after the change that it did not find before (`new`), what it found before as well
//! (`existing`), and no longer finds (`fixed`); `SNAPSHOTS=overwrite` writes it. Judges the cases only; what onehead says of
//! them is for `tests/it/`.
//!
//! A case is laid as `tests/it/drift.rs` says. Its database holds what its `seed.sql` makes before the first migration.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cluster::Cluster;
use crate::models::{SERIES, ask, entries, recorded};

#[test]
fn every_change_drifts_as_is_recorded() {
    let cases = cases();
    let cluster = Cluster::start();
    let complaints = thread::scope(|scope| {
        let (cluster, cases) = (&cluster, &cases);
        let workers: Vec<_> = SERIES
            .into_iter()
            .flat_map(|series| {
                let own: Vec<&Case> = cases.iter().filter(|case| case.series == series).collect();
                let n_workers = if series == "2.0" { 1 } else { 3 };
                (0..n_workers).map(move |worker| {
                    let own: Vec<&Case> = own.iter().copied().skip(worker).step_by(n_workers).collect();
                    scope.spawn(move || judge(series, cluster, &format!("drift_{series}_{worker}"), &own))
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no panic")).collect::<Vec<String>>()
    });
    assert!(complaints.is_empty(), "{} of {} cases:\n{}", complaints.len(), cases.len(), complaints.join("\n"));
}

#[test]
fn every_truth_has_a_case() {
    let cases = cases();
    assert!(cases.len() >= 60, "{}", cases.len());
    for path in entries(&root()).iter().filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        assert!(cases.iter().any(|case| case.path == path.with_extension("")), "{}: of no case", path.display());
    }
}

struct Case {
    path: PathBuf,
    /// Of SQLAlchemy: what its `requirements.txt` pins, else the newest.
    series: &'static str,
    before: TempDir,
    after: TempDir,
}

fn judge(series: &str, cluster: &Cluster, database: &str, cases: &[&Case]) -> Vec<String> {
    let question = |case: &&Case| {
        let seed = fs::read_to_string(case.path.join("seed.sql")).ok();
        json!({"before": case.before.path(), "after": case.after.path(), "seed": seed})
    };
    let questions: Vec<Value> = cases.iter().map(question).collect();
    let answers = ask(series, cluster.socket(), database, &questions);
    let judged = cases.iter().zip(answers).filter_map(|(case, answer)| {
        let name = case.path.file_name().unwrap_or_default().display();
        truth(&answer)
            .and_then(|truth| recorded(&case.path.with_extension("json"), &truth))
            .err()
            .map(|error| format!("{name}: {error}"))
    });
    judged.collect()
}

fn truth(answer: &Value) -> Result<Value, String> {
    let items = |when: &str| answer[when].as_array().cloned().ok_or_else(|| answer[when]["failed"].to_string());
    let (mut fixed, mut new, mut existing) = (items("before")?, Vec::new(), Vec::new());
    for item in items("after")? {
        match fixed.iter().position(|before| *before == item) {
            Some(at) => existing.push(fixed.remove(at)),
            None => new.push(item),
        }
    }
    for items in [&mut new, &mut existing, &mut fixed] {
        items.sort_by_key(Value::to_string);
    }
    Ok(json!({"new": new, "existing": existing, "fixed": fixed}))
}

fn cases() -> Vec<Case> {
    let paths = entries(&root()).into_iter().filter(|path| path.is_dir() && !path.ends_with("shop"));
    paths
        .map(|path| {
            let environment = root().with_file_name("environment");
            let [before, after] = [&["before"][..], &["before", "after"]].map(|layers| {
                let res = tempfile::tempdir().expect("a folder");
                let case = layers.iter().map(|layer| path.join(layer));
                for layer in [environment.clone(), root().join("shop")].into_iter().chain(case) {
                    lay(&layer, res.path());
                }
                res
            });
            let pinned = fs::read_to_string(before.path().join("requirements.txt")).unwrap_or_default();
            let series = if pinned.contains("SQLAlchemy==2.0") { "2.0" } else { "2.1" };
            Case { path, series, before, after }
        })
        .collect()
}

/// An empty file removes the one below it.
fn lay(layer: &Path, into: &Path) {
    let entries = if layer.is_dir() { entries(layer) } else { Vec::new() };
    for from in entries {
        let to = into.join(from.file_name().expect("a name"));
        if from.is_dir() {
            fs::create_dir_all(&to).expect("a folder");
            lay(&from, &to);
        } else if fs::read(&from).expect("a file").is_empty() {
            fs::remove_file(to).expect("a file below");
        } else {
            fs::copy(from, to).expect("a copy");
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/drift")
}
