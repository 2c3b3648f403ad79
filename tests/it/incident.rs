//! The incident that onehead was made for: two branches left the same revision, and four of their migrations could not run. Each
//! is committed onto the others as they were repaired, and refused for its own reason; repaired, all pass. What the database says
//! of each stands in `stories/incident/bad-as-it-was.toml`, and is asked for in `tests/oracle/database.rs`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::world::World;

const USERS: &str = "a1c0_users";
const PAYMENTS: &str = "b2f1_payments";
const FIRST_PAYMENTS: &str = "b3a0_first_payments";
const GRANTS: &str = "c9d4_grants";
const REFUNDS: &str = "d0e5_refunds";
const MERGE: &str = "e6f7_merge";

#[test]
fn a_type_that_is_made_by_hand_and_by_its_table_is_refused() {
    let world = started();
    let words = ["error[duplicate-object]", "type \"payment_status\" already exists (42710)", "create_type=False"];
    refused(&world, "payments", PAYMENTS, &words);
}

#[test]
fn an_insert_without_columns_that_are_not_null_is_refused() {
    let world = started();
    passes(&world, "payments", &[PAYMENTS]);
    let words = [
        "error[insert-without-required-column]",
        "null value in column \"currency\" of relation \"payments\" violates not-null constraint (23502)",
        "`currency` and `status`",
    ];
    refused(&world, "payments", FIRST_PAYMENTS, &words);
}

#[test]
fn create_type_if_not_exists_is_refused() {
    let world = started();
    refused(
        &world,
        "grants",
        GRANTS,
        &["error[invalid-sql]", "syntax error at or near \"NOT\" (42601)", "DO $$ BEGIN"],
    );
}

#[test]
fn a_type_of_the_other_branch_is_refused() {
    let world = started();
    passes(&world, "payments", &[PAYMENTS, FIRST_PAYMENTS]);
    world.git("checkout -q develop");
    world.git("merge -q payments");
    passes(&world, "grants", &[]);
    repaired(&world, GRANTS);
    // another head beside that of develop, which is for the next commit to settle
    world.commit("grants");
    let words = [
        "error[undefined-object]",
        "type \"payment_status\" does not exist (42704)",
        "`b2f1` on `develop` creates it",
        "depends_on = \"b2f1\"",
        "down_revision = \"b2f1\"",
    ];
    refused(&world, "grants", REFUNDS, &words);
}

#[test]
fn merged_as_it_was_all_four_are_refused_and_repaired_none() {
    let world = started();
    for (branch, revisions) in [("payments", [PAYMENTS, FIRST_PAYMENTS]), ("grants", [GRANTS, REFUNDS])] {
        world.git("checkout -q develop");
        world.git(&format!("checkout -q -b {branch}"));
        revisions.iter().for_each(|revision| as_it_was(&world, revision));
        world.commit(branch);
    }
    world.git("checkout -q develop");
    world.git("merge -q --no-ff payments");
    world.git("merge -q --no-ff grants");
    let all = world.onehead("check --all");
    all.assert(1, &["error[multiple-heads]"]);
    as_it_was(&world, MERGE);
    let all = world.onehead("check --all");
    let each = [
        ("duplicate-object", PAYMENTS),
        ("insert-without-required-column", FIRST_PAYMENTS),
        ("invalid-sql", GRANTS),
        ("undefined-object", REFUNDS),
    ];
    for (rule, revision) in each {
        all.assert(1, &[&format!("error[{rule}]"), revision]);
    }
    for revision in [PAYMENTS, FIRST_PAYMENTS, GRANTS, REFUNDS] {
        repaired(&world, revision);
    }
    world.check("--all").assert(0, &[]);
}

#[test]
fn repaired_it_goes_through_commit_by_commit() {
    let world = started();
    passes(&world, "payments", &[PAYMENTS, FIRST_PAYMENTS]);
    world.git("checkout -q develop");
    world.git("merge -q --no-ff payments");
    passes(&world, "grants", &[]);
    for revision in [GRANTS, REFUNDS, MERGE] {
        repaired(&world, revision);
    }
    world.git("merge -q --no-ff --no-commit develop");
    world.git("add --all .");
    world.onehead("hook pre-commit").assert(0, &[]);
    world.commit("merge develop");
    world.check("--all").assert(0, &[]);
}

/// `develop` with the revision that both branches leave.
fn started() -> World {
    let world = World::empty();
    let environment = tests().join("environment");
    for file in ["alembic.ini", "migrations/env.py"] {
        world.write(file, fs::read(environment.join(file)).unwrap());
    }
    repaired(&world, USERS);
    world.commit("users");
    world
}

/// Commits each revision, repaired, on a branch; the hook lets it.
#[track_caller]
fn passes(world: &World, branch: &str, revisions: &[&str]) {
    let exists = world.try_git(&["rev-parse", "--verify", "-q", branch]).status == 0;
    // grants left before payments was merged
    let start = if exists { String::new() } else { format!("-b {branch} ") };
    let from = if exists { branch.to_owned() } else { world.git("rev-list --max-parents=0 HEAD").trim().to_owned() };
    world.git(&format!("checkout -q {start}{from}"));
    for revision in revisions {
        repaired(world, revision);
        world.git("add --all .");
        world.onehead("hook pre-commit").assert_silent();
        world.commit(revision);
    }
}

/// Stages a revision as it was, and sees the hook refuse it.
#[track_caller]
fn refused(world: &World, branch: &str, revision: &str, words: &[&str]) {
    if world.git("branch --show-current").trim() != branch {
        world.git(&format!("checkout -q -b {branch}"));
    }
    as_it_was(world, revision);
    world.git("add --all .");
    let before = world.state();
    world.onehead("hook pre-commit").assert(1, words);
    assert_eq!(world.state(), before);
}

fn as_it_was(world: &World, revision: &str) {
    write(world, "bad-as-it-was", revision);
}

fn repaired(world: &World, revision: &str) {
    write(world, "good-repaired", revision);
}

fn write(world: &World, story: &str, revision: &str) {
    let path = format!("migrations/versions/{revision}.py");
    let text = fs::read(tests().join("stories/incident").join(story).join(&path)).unwrap();
    world.write(path, text);
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it")
}
