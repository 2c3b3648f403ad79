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
    let cases: Vec<(&str, PathBuf)> =
        RULES.iter().flat_map(|rule| folders(&root().join(rule.name)).into_iter().map(|case| (rule.name, case))).collect();
    let n_threads = thread::available_parallelism().map_or(2, |n| n.get());
    thread::scope(|scope| {
        for share in cases.chunks(cases.len().div_ceil(4 * n_threads)) {
            scope.spawn(|| share.iter().for_each(|(rule, case)| judge(rule, case)));
        }
    });
}

fn judge(rule: &str, case: &Path) {
    let name = format!("{rule}/{}", file_name(case));
    let (world, command) = laid(case);
    let (found, said) = (world.check(command), world.onehead(&format!("check {command}")));
    assert_eq!(found.status, said.status, "{name}");
    if file_name(case).starts_with("good-") {
        assert_eq!((said.status, found.rules()), (0, Vec::new()), "{name}: {}", said.said());
        assert!(said.stdout.starts_with("all is well: "), "{name}: {}", said.said());
    } else {
        let weighs = |severity| found.rules().contains(&format!("{severity} {rule}"));
        assert!(weighs("error") || weighs("warning"), "{name}: {}", said.said());
        assert_eq!(said.status, i32::from(found.rules().iter().any(|found| found.starts_with("error"))), "{name}");
        assert_eq!(said.stderr, "", "{name}");
        foresees(&name, case, &said.stdout);
        snapbox::assert_data_eq!(
            redacted(&said.stdout),
            snapbox::Data::read_from(&case.with_extension("txt"), None).raw()
        );
    }
    if command == "--staged" {
        let hook = world.onehead("hook pre-commit");
        assert_eq!((hook.status, hook.said().is_empty()), (said.status, found.rules().is_empty()), "{name}: {}", hook.said());
    }
}

/// What the database says of the case (`tests/oracle/database.rs`) is what onehead foresees: error, code and revision.
fn foresees(name: &str, case: &Path, said: &str) {
    let text = fs::read_to_string(case.with_extension("toml")).unwrap_or_default();
    let foreseen: toml::Table = text.parse().unwrap();
    for failure in foreseen.get("fails").and_then(toml::Value::as_array).into_iter().flatten() {
        for key in ["message", "sqlstate", "revision"] {
            let Some(words) = failure.get(key).and_then(toml::Value::as_str) else { continue };
            assert!(said.contains(words), "{name} does not say {key} {words}:\n{said}");
        }
    }
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
