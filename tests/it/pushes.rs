//! Real pushes to a local remote, through the installed hook: what each line git gives it is judged by.

use crate::world::{Outcome, World};

/// Hooks installed, remote `origin` with `develop` at `c9d4`; on `feature`, where `b2f1` collides with it.
fn parted() -> World {
    let world = World::new();
    world.git("checkout -q -b feature");
    world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    world.git("checkout -q develop");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("grants");
    world.git("init -q --bare ../remote.git");
    world.git("remote add origin ../remote.git");
    world.git("push -q origin develop");
    world.git("checkout -q feature");
    world.install();
    world
}

fn push(world: &World, args: &[&str]) -> Outcome {
    world.try_git(&[&["push", "-q"], args].concat())
}

fn remote(world: &World) -> String {
    world.git("ls-remote origin")
}

/// The remote does not change.
#[track_caller]
fn refused(world: &World, args: &[&str], words: &[&str]) -> Outcome {
    let before = (remote(world), world.state());
    let outcome = push(world, args);
    assert_eq!(outcome.status, 1, "{}", outcome.said());
    assert_eq!(outcome.stdout, "");
    for word in words.iter().chain(&["onehead refuses this push"]) {
        assert!(outcome.stderr.contains(word), "no `{word}` in:\n{}", outcome.said());
    }
    assert_eq!((remote(world), world.state()), before);
    outcome
}

/// The remote changes and nobody says a word.
#[track_caller]
fn passed(world: &World, args: &[&str]) {
    let before = remote(world);
    push(world, args).assert_silent();
    assert_ne!(remote(world), before);
}

#[test]
fn a_new_branch_that_parted_from_the_base_branch_is_refused() {
    let world = parted();
    let outcome = refused(&world, &["origin", "feature"], &["error[forked-from-base]", "origin/develop"]);
    // said once, although the local develop says the same
    assert_eq!(outcome.stderr.matches("error[").count(), 1, "{}", outcome.stderr);
    world.git("merge -q --no-verify develop");
    refused(&world, &["origin", "feature"], &["error[multiple-heads]"]);
    world.script("e6f7", "('b2f1', 'c9d4')", "merge");
    world.commit("merge");
    passed(&world, &["origin", "feature"]);
}

#[test]
fn an_update_answers_for_what_it_adds() {
    let world = parted();
    world.git("push -q --no-verify origin feature");
    // nothing of Alembic's is added
    world.write("README", "x");
    world.commit("readme");
    passed(&world, &["origin", "feature"]);
    // nor where no remote-tracking ref tells what was there
    world.write("migrations/versions/b2f1_payments.py", crate::world::script("b2f1", "'a1c0'", "less"));
    world.git("commit -q -a -m less");
    push(&world, &["../remote.git", "feature"]).assert(0, &["warning[forked-from-base]"]);
    // an edit of what is there already is warned of
    world.write("migrations/versions/b2f1_payments.py", crate::world::script("b2f1", "'a1c0'", "more"));
    world.git("commit -q -a -m more");
    let warned = push(&world, &["origin", "feature"]);
    warned.assert(0, &["warning[forked-from-base]"]);
    // one more revision is refused
    world.script("d0e5", "'b2f1'", "refunds");
    world.git("add .");
    world.git("commit -q --no-verify -m refunds");
    refused(&world, &["origin", "feature"], &["error[forked-from-base]"]);
}

#[test]
fn several_refs_are_each_judged() {
    let world = parted();
    world.git("branch fine develop");
    refused(&world, &["origin", "fine", "feature"], &["`b2f1`"]);
    world.git("checkout -q -b other feature");
    world.script("d0e5", "'b2f1'", "refunds");
    world.git("add .");
    world.git("commit -q --no-verify -m refunds");
    refused(&world, &["origin", "fine", "feature", "other"], &["`b2f1`", "`d0e5`"]);
    world.git("branch fine2 develop");
    passed(&world, &["origin", "fine", "fine2"]);
}

#[test]
fn what_is_deleted_or_tagged_is_no_branch() {
    let world = parted();
    world.git("push -q --no-verify origin feature");
    passed(&world, &["origin", "--delete", "feature"]);
    world.git("tag light feature");
    world.run_git(&["tag", "-a", "-m", "x", "annotated", "feature"]);
    passed(&world, &["origin", "light", "annotated"]);
}

#[test]
fn whatever_is_pushed_to_a_branch_is_checked() {
    let world = parted();
    refused(&world, &["origin", "HEAD:refs/heads/x"], &["forked-from-base"]);
    let id = world.id("feature");
    refused(&world, &["origin", &format!("{id}:refs/heads/x")], &["forked-from-base"]);
    // a tag object as a branch's tip, seen from a branch that is in order
    world.run_git(&["tag", "-a", "-m", "x", "annotated", "feature"]);
    world.git("checkout -q develop");
    refused(&world, &["origin", "annotated^{}:refs/heads/x"], &["forked-from-base"]);
    refused(&world, &["origin", "feature"], &["forked-from-base"]);
    refused(&world, &["../remote.git", "feature"], &["forked-from-base"]);
    passed(&world, &["origin", "HEAD:refs/heads/x"]);
}

#[test]
fn a_forced_push_is_checked() {
    let world = parted();
    world.git("push -q origin develop:feature");
    refused(&world, &["--force", "origin", "feature"], &["forked-from-base"]);
    world.git("reset -q --hard HEAD^");
    passed(&world, &["--force", "origin", "feature"]);
}

#[test]
fn somebody_else_was_faster() {
    let world = parted();
    world.git("push -q --no-verify origin feature");
    // another clone pushes to the same branch; its commit is not here
    world.git("clone -q ../remote.git ../other -b feature");
    world.enter("other");
    world.write("README", "x");
    world.commit("x");
    world.git("push -q origin feature");
    world.enter("repo");
    world.git("commit -q --amend --allow-empty -m amended");
    // measured against what was last fetched: that had the revision already
    passed(&world, &["--force", "origin", "feature"]);
    world.enter("other");
    world.git("commit -q --allow-empty -m y");
    world.git("push -q --force origin feature");
    world.enter("repo");
    world.git("update-ref -d refs/remotes/origin/feature");
    refused(&world, &["--force", "origin", "feature"], &["forked-from-base"]);
}

#[test]
fn nothing_to_push_is_nothing_to_say() {
    let world = parted();
    push(&world, &["origin", "develop"]).assert_silent();
    world.run(&["hook", "pre-push", "origin", "../remote.git"], "", &[]).assert_silent();
    world.run(&["hook", "pre-push", "origin", "../remote.git"], "nonsense\n", &[]).assert_failed(&["nonsense"]);
}

#[test]
fn the_base_branch_itself_is_measured_against_what_was_fetched() {
    let world = parted();
    world.git("checkout -q develop");
    world.script("d0e5", "'c9d4'", "more");
    world.commit("more");
    passed(&world, &["origin", "develop"]);
    world.git("merge -q --no-verify --no-edit feature");
    refused(&world, &["origin", "develop"], &["error[multiple-heads]"]);
}

#[test]
fn a_bare_repository_pushes_too() {
    let world = parted();
    world.git("clone -q --bare . ../bare.git");
    world.enter("bare.git");
    world.git("remote set-url origin ../remote.git");
    world.git("config core.hooksPath ../repo/.git/hooks");
    let outcome = push(&world, &["origin", "feature"]);
    outcome.assert(1, &["forked-from-base", "onehead refuses this push"]);
    world.git("branch fine develop");
    push(&world, &["origin", "fine"]).assert_silent();
}
