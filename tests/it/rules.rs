//! Every rule on small folders of files: what it finds, in the words people see, and what it lets be.
//!
//! `rules/<slug>/<case>/` is a tree that is about to be the first commit of `develop`. Or it holds trees that are laid over each
//! other: `before/` is committed on `develop`; `base/` is what `develop` adds to that; `after/` is what is staged on a branch
//! that left `develop` before. An empty file removes the one below it. Below all lie the `alembic.ini` and the `env.py` of
//! `environment/`, which a case may bring itself. A case is named `bad-…`, and what is said of it stands in
//! `<case>.txt` (`SNAPSHOTS=overwrite` writes it), or `good-…`, and all is well.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::thread;

use onehead::rules::RULES;

use crate::world::{World, redacted};

#[test]
fn every_rule_has_a_case_it_finds_and_one_it_lets_be() {
    let slugs: BTreeSet<String> = folders(&root()).iter().map(|path| file_name(path)).collect();
    assert_eq!(slugs, RULES.iter().map(|rule| rule.name.to_owned()).collect());
    for slug in slugs {
        let cases: Vec<_> = folders(&root().join(&slug)).iter().map(|path| file_name(path)).collect();
        for kind in ["bad-", "good-"] {
            assert!(cases.iter().any(|case| case.starts_with(kind)), "{slug} has no {kind} case");
        }
        assert!(cases.iter().all(|case| case.starts_with("bad-") || case.starts_with("good-")), "{slug}: {cases:?}");
    }
}

#[test]
fn every_case_is_judged_as_its_name_says() {
    let cases: Vec<(&str, PathBuf)> = RULES
        .iter()
        .flat_map(|rule| folders(&root().join(rule.name)).into_iter().map(|case| (rule.name, case)))
        .collect();
    let n_threads = thread::available_parallelism().map_or(2, |n| n.get());
    let complaints: Vec<String> = thread::scope(|scope| {
        let judge = |share: &[(&str, PathBuf)]| -> Vec<String> {
            share.iter().filter_map(|(rule, case)| judge(rule, case).err()).collect()
        };
        let shares = cases.chunks(cases.len().div_ceil(2 * n_threads)).map(|share| scope.spawn(move || judge(share)));
        shares.collect::<Vec<_>>().into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(complaints.is_empty(), "{} cases:\n{}", complaints.len(), complaints.join("\n"));
}

/// Checks a case; the error tells what is wrong with what is said.
fn judge(rule: &str, case: &Path) -> Result<(), String> {
    let (world, command) = laid(case);
    let (found, said) = (world.check(command), world.onehead(&format!("check {command}")));
    let rules = found.rules();
    let ensure = |holds: bool, what: &str| match holds {
        true => Ok(()),
        false => Err(format!("== {rule}/{}: {what}\n{}", file_name(case), said.said())),
    };
    ensure(found.status == said.status, "two answers")?;
    ensure(said.stderr.is_empty(), "more than a report")?;
    if file_name(case).starts_with("good-") {
        ensure(rules.is_empty() && said.stdout.starts_with("all is well: "), "it is good")?;
    } else {
        let weighs = |severity| rules.contains(&format!("{severity} {rule}"));
        ensure(weighs("error") || weighs("warning"), "not found")?;
        ensure(said.status == i32::from(rules.iter().any(|found| found.starts_with("error"))), "the status")?;
        foresees(case, &said.stdout).or_else(|words| ensure(false, &format!("it does not say {words}")))?;
        let expected = snapbox::Data::read_from(&case.with_extension("txt"), None).raw();
        let assert = snapbox::Assert::new().action_env(snapbox::assert::DEFAULT_ACTION_ENV);
        assert
            .try_eq(Some(&file_name(case)), redacted(&said.stdout).into(), expected)
            .map_err(|error| error.to_string())?;
    }
    if command == "--staged" {
        let hook = world.onehead("hook pre-commit");
        ensure((hook.status, hook.said().is_empty()) == (said.status, rules.is_empty()), "the hook disagrees")?;
    }
    Ok(())
}

/// What the database says of the case (`tests/oracle/database.rs`) is what onehead foresees: error, code and revision. The error
/// is what was not said.
fn foresees(case: &Path, said: &str) -> Result<(), String> {
    let text = fs::read_to_string(case.with_extension("toml")).unwrap_or_default();
    let foreseen: toml::Table = text.parse().unwrap();
    for failure in foreseen.get("fails").and_then(toml::Value::as_array).into_iter().flatten() {
        for key in ["message", "sqlstate", "revision"] {
            let words = failure.get(key).and_then(toml::Value::as_str).unwrap_or_default();
            // an exception in an exception: what it says comes behind its class
            let words = words
                .split_once("(sqlalchemy.exc.")
                .and_then(|(_, rest)| rest.split_once(") "))
                .map_or(words, |(_, words)| words);
            // SQLAlchemy prints an object of its own into this one
            let words = words.split("for constraint ").next().unwrap();
            if !said.contains(words) {
                return Err(words.to_owned());
            }
        }
    }
    Ok(())
}

/// The repository a case describes, and how it is checked.
fn laid(case: &Path) -> (World, &'static str) {
    let world = World::empty();
    lay(&world, &root().with_file_name("environment"));
    let layers = ["before", "base", "after"].map(|layer| case.join(layer));
    if !layers.iter().any(|layer| layer.is_dir()) {
        // nothing is committed or staged: asking git takes longer than the check
        lay(&world, case);
        return (world, "");
    }
    let [before, base, after] = layers;
    lay(&world, &before);
    world.commit("before");
    world.git("branch feature");
    if base.is_dir() {
        lay(&world, &base);
        world.commit("base");
    }
    world.git("checkout -q feature");
    lay(&world, &after);
    world.git("add --all .");
    (world, "--staged")
}

fn lay(world: &World, layer: &Path) {
    let mut todo = vec![layer.to_owned()];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let name = path.strip_prefix(layer).unwrap().as_os_str().as_bytes();
        match fs::read(&path).unwrap() {
            gone if gone.is_empty() => fs::remove_file(world.path(name)).unwrap(),
            bytes => world.write(name, bytes),
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/rules")
}

/// The folders in a folder, sorted.
fn folders(path: &Path) -> Vec<PathBuf> {
    let mut res: Vec<_> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    res.sort();
    res
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}
