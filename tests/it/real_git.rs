//! The real program, called by real hooks, in whatever git does to record something.

use crate::world::{Outcome, World};

const PAYMENTS: &str = "migrations/versions/b2f1_payments.py";
const GRANTS: &str = "migrations/versions/c9d4_grants.py";

/// Hooks installed; on `feature`, with `c9d4` on `develop` and `b2f1` committed here, which part at `a1c0`.
fn parted() -> World {
    let world = World::new();
    world.git("checkout -q -b feature");
    world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    world.git("checkout -q develop");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("grants");
    world.git("checkout -q feature");
    world.install();
    world
}

/// Hooks installed; on `develop`, whose head is `b2f1`; `c9d4` lies in the work tree and collides with it.
fn untracked_collision() -> World {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.install();
    world
}

/// git says no, onehead says why, and nothing has happened.
#[track_caller]
fn refused(world: &World, args: &[&str], words: &[&str]) -> Outcome {
    let before = world.state();
    let outcome = world.try_git(args);
    assert_ne!(outcome.status, 0, "{outcome:?}");
    for word in words.iter().chain(&["onehead refuses this"]) {
        assert!(outcome.stderr.contains(word), "no `{word}` in:\n{}", outcome.said());
    }
    assert_eq!(world.state(), before);
    outcome
}

/// git does it and onehead says nothing.
#[track_caller]
fn passed(world: &World, args: &[&str]) {
    let head = world.id("HEAD");
    let outcome = world.try_git(args);
    assert_eq!((outcome.status, &*outcome.stderr), (0, ""), "{}", outcome.stdout);
    assert_ne!(world.id("HEAD"), head, "nothing was recorded");
}

#[test]
fn commit() {
    let world = untracked_collision();
    world.git("add .");
    refused(&world, &["commit", "-m", "x"], &["error[multiple-heads]", "`b2f1`", "`c9d4`"]);
    world.script("c9d4", "'b2f1'", "grants");
    world.git("add .");
    passed(&world, &["commit", "-q", "-m", "x"]);
}

#[test]
fn commit_all_takes_what_it_records() {
    let world = untracked_collision();
    // an untracked file is not part of `commit -a`
    world.write("README", "x");
    world.git("add README");
    world.write("README", "y");
    passed(&world, &["commit", "-q", "-a", "-m", "x"]);
    // tracked as it is fine, changed in the work tree to collide
    world.script("c9d4", "'b2f1'", "grants");
    world.commit("grants");
    world.script("c9d4", "'a1c0'", "grants");
    refused(&world, &["commit", "-a", "-m", "x"], &["multiple-heads"]);
    assert_eq!(world.git("diff --cached --name-only"), "");
}

#[test]
fn a_partial_commit_is_judged_by_what_it_records() {
    let world = untracked_collision();
    world.write("README", "x");
    world.git("add .");
    // the colliding revision is staged, but not part of this commit
    passed(&world, &["commit", "-q", "-m", "x", "README"]);
    assert_eq!(world.git("diff --cached --name-only").trim(), GRANTS);
    // staged as it is fine; in the work tree, which a partial commit takes, it collides
    world.script("c9d4", "'b2f1'", "grants");
    world.git("add .");
    world.script("c9d4", "'a1c0'", "grants");
    refused(&world, &["commit", "-m", "x", GRANTS], &["multiple-heads"]);
    // and the other way round
    world.git("add .");
    world.script("c9d4", "'b2f1'", "grants");
    passed(&world, &["commit", "-q", "-m", "x", GRANTS]);
}

#[test]
fn amend() {
    let world = untracked_collision();
    world.git("add .");
    refused(&world, &["commit", "--amend", "--no-edit"], &["multiple-heads"]);
    // amending away the collision of a commit that was made without the hook
    world.git("commit -q --no-verify -m grants");
    world.script("c9d4", "'b2f1'", "grants");
    passed(&world, &["commit", "-q", "-a", "--amend", "--no-edit"]);
}

#[test]
fn a_clean_merge_that_parts_the_history_is_refused() {
    let world = parted();
    let head = world.id("HEAD");
    let outcome = world.try_git(&["merge", "develop"]);
    outcome.assert(1, &["error[multiple-heads]", "onehead refuses this merge", "Not committing merge"]);
    assert_eq!(world.id("HEAD"), head);
    // git leaves the merge open: concluding it as it is, is refused too
    refused(&world, &["commit", "--no-edit"], &["multiple-heads"]);
    refused(&world, &["merge", "--continue"], &["multiple-heads"]);
    world.script("e6f7", "('b2f1', 'c9d4')", "merge");
    world.git("add .");
    passed(&world, &["commit", "-q", "--no-edit"]);
    assert_eq!(world.git("rev-list --parents -1 HEAD").split_whitespace().count(), 3);
}

#[test]
fn a_merge_without_fast_forward_is_checked() {
    let world = parted();
    world.git("checkout -q develop");
    world.git("checkout -q -b other");
    world.script("d0e5", "'c9d4'", "more");
    world.commit("more");
    world.git("checkout -q develop");
    passed(&world, &["merge", "-q", "--no-ff", "--no-edit", "other"]);
    world.try_git(&["merge", "--no-ff", "feature"]).assert(1, &["error[multiple-heads]", "Not committing merge"]);
}

#[test]
fn a_merge_concluded_after_a_conflict_is_checked() {
    let world = parted();
    for branch in ["develop", "feature"] {
        world.git(&format!("checkout -q {branch}"));
        world.write("README", branch);
        world.commit("readme");
    }
    assert_eq!(world.try_git(&["merge", "develop"]).status, 1);
    world.write("README", "both");
    world.git("add README");
    refused(&world, &["commit", "--no-edit"], &["multiple-heads", "`b2f1`", "`c9d4`"]);
    world.script("b2f1", "'c9d4'", "payments");
    world.git("add .");
    passed(&world, &["commit", "-q", "--no-edit"]);
}

#[test]
fn a_squash_is_judged_like_any_commit() {
    let world = parted();
    world.git("checkout -q develop");
    world.git("merge -q --squash feature");
    refused(&world, &["commit", "-m", "squashed"], &["multiple-heads"]);
    world.script("b2f1", "'c9d4'", "payments");
    world.git("add .");
    passed(&world, &["commit", "-q", "-m", "squashed"]);
}

#[test]
fn an_octopus_is_checked() {
    let world = parted();
    world.git("checkout -q -b one develop");
    world.write("one", "");
    world.commit("one");
    world.git("checkout -q -b two develop");
    world.write("two", "");
    world.commit("two");
    world.git("checkout -q -b three develop");
    world.write("three", "");
    world.commit("three");
    passed(&world, &["merge", "-q", "--no-edit", "one", "two"]);
    world.git("checkout -q -b four develop");
    world.write("four", "");
    world.commit("four");
    let octopus = world.try_git(&["merge", "three", "feature"]);
    octopus.assert(1, &["error[multiple-heads]", "`b2f1`", "feature"]);
}

#[test]
fn what_a_rebase_brings_together_is_refused_by_the_push() {
    let world = parted();
    world.git("init -q --bare ../remote.git");
    world.git("remote add origin ../remote.git");
    world.git("push -q --no-verify origin develop");
    // no hook runs here
    world.git("rebase -q develop");
    refused(&world, &["push", "-q", "origin", "feature"], &["multiple-heads", "`b2f1`", "`c9d4`", "this push"]);
    world.script("b2f1", "'c9d4'", "payments");
    passed(&world, &["commit", "-q", "-a", "-m", "behind grants"]);
    assert_eq!(world.git("push -q origin feature"), "");
}

#[test]
fn a_picked_revision_is_refused_by_the_push() {
    let world = parted();
    world.git("init -q --bare ../remote.git");
    world.git("remote add origin ../remote.git");
    world.git("push -q --no-verify origin develop");
    world.git("checkout -q -b picked develop");
    world.git("cherry-pick feature");
    refused(&world, &["push", "-q", "origin", "picked"], &["multiple-heads", "this push"]);
    // one that conflicts is concluded by a commit
    world.git("reset -q --hard develop");
    world.write(PAYMENTS, "x = 1\n");
    world.git("add .");
    world.git("commit -q --no-verify -m junk");
    assert_eq!(world.try_git(&["cherry-pick", "feature"]).status, 1);
    world.git(&format!("checkout feature -- {PAYMENTS}"));
    refused(&world, &["cherry-pick", "--continue"], &["multiple-heads", "this commit"]);
}

#[test]
fn a_linked_work_tree_has_its_own_index_and_the_same_hooks() {
    let world = parted();
    world.git("worktree add -q ../linked -b linked develop");
    world.enter("linked");
    world.script("d0e5", "'a1c0'", "more");
    world.git("add .");
    refused(&world, &["commit", "-m", "x"], &["multiple-heads", "`d0e5`"]);
    world.script("d0e5", "'c9d4'", "more");
    world.git("add .");
    passed(&world, &["commit", "-q", "-m", "x"]);
    let outcome = world.try_git(&["merge", "feature"]);
    outcome.assert(1, &["multiple-heads"]);
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let world = untracked_collision();
    world.git("init -q --initial-branch=main ../outer");
    world.enter("outer");
    world.git("-c protocol.file.allow=always submodule add -q ../repo inner");
    world.git("commit -q -m inner");
    world.install();
    world.enter("outer/inner");
    world.install();
    world.script("c9d4", "'a1c0'", "grants");
    world.git("add .");
    refused(&world, &["commit", "-m", "x"], &["multiple-heads"]);
    world.script("c9d4", "'b2f1'", "grants");
    world.git("add .");
    passed(&world, &["commit", "-q", "-m", "x"]);
    // what the submodule holds is not the outer repository's affair
    world.enter("outer");
    passed(&world, &["commit", "-q", "-a", "-m", "inner went on"]);
}

#[test]
fn a_git_folder_named_by_the_environment() {
    let mut world = untracked_collision();
    std::fs::rename(world.path(".git"), world.root().join("elsewhere")).unwrap();
    world.env.insert("GIT_DIR".into(), world.root().join("elsewhere").into());
    world.env.insert("GIT_WORK_TREE".into(), world.repo().into());
    world.git("add .");
    refused(&world, &["commit", "-m", "x"], &["multiple-heads"]);
    world.enter("");
    refused(&world, &["commit", "-m", "x"], &["multiple-heads"]);
    world.enter("repo");
    world.script("c9d4", "'b2f1'", "grants");
    world.git("add .");
    passed(&world, &["commit", "-q", "-m", "x"]);
}

#[test]
fn a_subfolder_and_relative_paths() {
    let world = untracked_collision();
    world.enter("repo/migrations/versions");
    world.git("add .");
    refused(&world, &["commit", "-m", "x"], &["multiple-heads"]);
    refused(&world, &["commit", "-m", "x", "c9d4_grants.py"], &["multiple-heads"]);
    refused(&world, &["-C", "..", "commit", "-m", "x"], &["multiple-heads"]);
}

#[test]
fn the_hook_is_passed_once_the_usual_way() {
    let world = untracked_collision();
    world.git("add .");
    passed(&world, &["commit", "-q", "--no-verify", "-m", "x"]);
}

#[test]
fn the_remedy_of_a_fork_works_as_it_is_typed() {
    let world = World::new();
    world.git("checkout -q -b feature");
    world.git("checkout -q develop");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("grants");
    world.git("checkout -q feature");
    world.install();
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    let outcome = refused(&world, &["commit", "-m", "x"], &["forked-from-base"]);
    let help = help(&outcome.stderr);
    let [merge, reparent, commit] = &help[..] else { panic!("{help:?}") };
    assert_eq!(reparent, &format!("set `down_revision = \"c9d4\"` in {PAYMENTS}"));
    world.sh(merge).assert(0, &[]);
    world.write(PAYMENTS, world.read(PAYMENTS).replace("'a1c0'", "\"c9d4\""));
    world.sh(&format!("{commit} -m x")).assert(0, &[]);
    world.check("").assert(0, &[]);
    assert_eq!(world.git("status --porcelain"), "");
}

#[test]
fn the_remedy_of_a_fork_works_where_the_branch_has_gone_on() {
    let world = parted();
    let path = world.script("d0e5", "'b2f1'", "refunds");
    world.git("add .");
    let outcome = refused(&world, &["commit", "-m", "x"], &["forked-from-base", "`d0e5`"]);
    let help = help(&outcome.stderr);
    let [merge, reparent, commit] = &help[..] else { panic!("{help:?}") };
    world.sh(merge).assert(0, &[]);
    assert_eq!(reparent, &format!("set `down_revision = \"c9d4\"` in {PAYMENTS}"));
    world.script("b2f1", "'c9d4'", "payments");
    world.sh(commit).assert(0, &[]);
    assert_eq!(world.git("status --porcelain"), format!("A  {path}\n"));
    passed(&world, &["commit", "-q", "-m", "x"]);
    world.check("").assert(0, &[]);
}

#[test]
fn the_remedy_of_two_heads_works_as_it_is_typed() {
    let world = parted();
    let outcome = world.try_git(&["merge", "develop"]);
    let help = help(&outcome.stderr);
    let [merge, commit, or] = &help[..] else { panic!("{help:?}") };
    assert!(merge.starts_with("alembic merge heads -m \"merge_migration_heads_"), "{merge}");
    assert!(or.starts_with("or, while "), "{or}");
    // what Alembic would write
    world.script("e6f7", "('b2f1', 'c9d4')", "merge_migration_heads");
    world.sh(&format!("{commit} --no-edit")).assert(0, &[]);
    world.check("").assert(0, &[]);
}

#[test]
fn the_remedies_of_a_refused_push_work_as_they_are_typed() {
    let world = parted();
    world.git("init -q --bare ../remote.git");
    world.git("remote add origin ../remote.git");
    world.git("push -q --no-verify origin develop");
    world.git("branch other");
    let outcome = refused(&world, &["push", "-q", "origin", "feature"], &["forked-from-base"]);
    let help = help(&outcome.stderr);
    let [merge, join, commit, or] = &help[..] else { panic!("{help:?}") };
    world.sh(merge).assert(0, &[]);
    assert!(join.starts_with("alembic merge heads -m "), "{join}");
    world.script("e6f7", "('b2f1', 'c9d4')", "merge_migration_heads");
    world.sh(&format!("{commit} --no-edit")).assert(0, &[]);
    world.git("push -q origin feature");

    world.git("checkout -q other");
    let (rebase, set) = or.split_once(", then ").expect("two steps");
    assert!(set.starts_with("set `down_revision = \"c9d4\"` in "), "{set}");
    world.sh(rebase.split_once(": ").expect("a condition").1).assert(0, &[]);
    world.script("b2f1", "'c9d4'", "payments");
    passed(&world, &["commit", "-q", "-a", "-m", "behind grants"]);
    world.git("push -q origin other");
}

#[test]
fn the_remedies_of_a_copy_and_a_deletion_work_as_they_are_typed() {
    let world = untracked_collision();
    std::fs::copy(world.path(PAYMENTS), world.path("migrations/versions/copy.py")).unwrap();
    world.remove(GRANTS);
    world.git("add .");
    let outcome = refused(&world, &["commit", "-m", "x"], &["duplicate-revision"]);
    let copy = &help(&outcome.stderr)[0];
    world.sh(copy.split_once(": ").expect("a reason").1).assert(0, &[]);
    assert_eq!(world.git("status --porcelain"), "");

    world.git("checkout -q -b feature");
    world.git(&format!("rm -q {PAYMENTS}"));
    let outcome = world.try_git(&["commit", "-m", "x"]);
    outcome.assert(0, &["warning[changed-published-revision]"]);
    world.sh(&help(&outcome.stderr)[0]).assert(0, &[]);
    passed(&world, &["commit", "-q", "--amend", "--allow-empty", "--no-edit"]);
    world.check("").assert(0, &[]);
}

/// The lines under `help:`.
fn help(said: &str) -> Vec<String> {
    let mut lines = said.lines().skip_while(|line| !line.contains("= help: "));
    let first = lines.next().and_then(|line| line.split_once("= help: ")).expect("some help").1;
    let rest = lines.take_while(|line| line.starts_with("   ")).map(str::trim);
    [first].into_iter().chain(rest).map(|line| line.trim().to_owned()).collect()
}
