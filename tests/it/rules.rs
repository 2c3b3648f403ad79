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
    for rule in RULES {
        for case in folders(&root().join(rule.name)) {
            let world = staged(&case);
            let (found, said) = (world.check("--staged"), world.onehead("check --staged"));
            let name = format!("{}/{}", rule.name, file_name(&case));
            assert_eq!(found.status, said.status, "{name}");
            if file_name(&case).starts_with("good-") {
                assert_eq!((said.status, found.rules()), (0, Vec::new()), "{name}: {}", said.said());
                assert!(said.stdout.starts_with("all is well: "), "{name}: {}", said.said());
                world.onehead("hook pre-commit").assert_silent();
                continue;
            }
            let weighs = |severity| found.rules().contains(&format!("{severity} {}", rule.name));
            assert!(weighs("error") || weighs("warning"), "{name}: {}", said.said());
            assert_eq!(said.status, i32::from(found.rules().iter().any(|found| found.starts_with("error"))), "{name}");
            assert_eq!(said.stderr, "", "{name}");
            snapbox::assert_data_eq!(
                redacted(&said.stdout),
                snapbox::Data::read_from(&case.with_extension("txt"), None).raw()
            );
            let hook = world.onehead("hook pre-commit");
            assert_eq!(hook.status, said.status, "{name}: {}", hook.said());
        }
    }
}

/// The repository a case describes.
fn staged(case: &Path) -> World {
    let world = World::empty();
    lay(&world, &root().with_file_name("environment"));
    let layers = ["before", "base", "after"].map(|layer| case.join(layer));
    if !layers.iter().any(|layer| layer.is_dir()) {
        lay(&world, case);
        world.git("add --all .");
        return world;
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
    world
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
