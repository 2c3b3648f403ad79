//! What a commit is judged by: what is staged, what its parents had, and the base branch. The hook runs in this process.

use crate::world::{BASE, World};

/// On `feature`, with `c9d4` on `develop` and nothing new here yet.
fn parted() -> World {
    let world = World::new();
    world.git("checkout -q -b feature");
    world.git("checkout -q develop");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("grants");
    world.git("checkout -q feature");
    world
}

/// As [`parted`], with `b2f1` staged, which collides.
fn colliding() -> World {
    let world = parted();
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    world
}

#[test]
fn two_children_of_one_revision_are_refused() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.git("add .");
    let refused = world.onehead("hook pre-commit");
    refused.assert(1, &["multiple-heads", "`b2f1`", "`c9d4`", "part at `a1c0`", "onehead refuses this commit"]);
    assert_eq!(refused.stdout, "");
}

#[test]
fn one_more_revision_passes_in_silence() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
}

#[test]
fn nothing_relevant_staged_passes_in_silence_whatever_the_state() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("two heads");
    world.write("README", "x");
    world.write("src/models.py", "x = 1\n");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.commit("unrelated");
    // nothing staged at all, as for --allow-empty
    world.onehead("hook pre-commit").assert_silent();
}

#[test]
fn a_fork_that_shows_only_across_branches_is_refused() {
    colliding().onehead("hook pre-commit").assert(1, &["forked-from-base", "`b2f1`", "`c9d4`", "develop"]);
}

#[test]
fn a_second_revision_behind_a_colliding_one_is_refused_too() {
    let world = colliding();
    world.git("commit -q -m payments");
    world.script("b3a0", "'b2f1'", "refunds");
    world.git("add .");
    world.check("--staged").assert(1, &["error forked-from-base"]);
}

#[test]
fn a_revision_whose_id_is_computed_is_no_second_head() {
    let world = World::new();
    world.write("migrations/versions/b2f1.py", "revision = compute()\ndown_revision = 'a1c0'\n");
    world.commit("computed");
    world.script("c9d4", "'what it computes'", "next");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.write("migrations/versions/d4b0.py", "revision = 'd4b0'\ndown_revision = compute()\n");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    // but what is certain is said
    world.script("e5c2", "'a1c0'", "parted");
    world.script("f6d3", "'a1c0'", "parted");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["multiple-heads"]);
}

#[test]
fn heads_that_the_base_branch_has_joined_since_excuse_nothing() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("two heads");
    world.git("checkout -q -b feature");
    world.git("checkout -q develop");
    world.script("e5c2", "('b2f1', 'c9d4')", "joined");
    world.commit("joined");
    world.git("checkout -q feature");
    world.script("d4b0", "'c9d4'", "more grants");
    world.git("add .");
    let refused = world.onehead("hook pre-commit");
    refused.assert(1, &["forked-from-base", "`d4b0` here", "`e5c2` there"]);
    assert!(!refused.said().contains("multiple-heads"), "{}", refused.said());
}

#[test]
fn a_commit_that_adds_no_revision_to_an_overtaken_branch_is_warned() {
    let world = colliding();
    world.git("commit -q -m payments");
    let path = "migrations/versions/b2f1_payments.py";
    world.write(path, world.read(path) + "# done\n");
    world.git("add .");
    let warned = world.onehead("hook pre-commit");
    warned.assert(0, &["warning[forked-from-base]"]);
    assert!(!warned.said().contains("refuses"), "{}", warned.said());
    world.write("README", "x");
    world.git("reset -q");
    world.git("add README");
    world.onehead("hook pre-commit").assert_silent();
}

#[test]
fn behind_the_head_of_the_base_branch_is_fine() {
    let world = parted();
    world.git("merge -q develop");
    world.script("b2f1", "'c9d4'", "payments");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
}

#[test]
fn what_is_not_staged_does_not_count() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    // the colliding file lies in the work tree only
    world.script("c9d4", "'a1c0'", "grants");
    world.script("d0e5", "'b2f1'", "refunds");
    world.git("add migrations/versions/d0e5_refunds.py");
    world.onehead("hook pre-commit").assert_silent();
    // staged as it collides, mended in the work tree only
    world.git("add .");
    world.script("c9d4", "'d0e5'", "grants");
    world.onehead("hook pre-commit").assert(1, &["multiple-heads"]);
}

#[test]
fn what_is_only_intended_does_not_count() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.git("add migrations/versions/b2f1_payments.py");
    world.git("add --intent-to-add migrations/versions/c9d4_grants.py");
    world.onehead("hook pre-commit").assert_silent();
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["multiple-heads"]);
}

#[test]
fn another_index_is_looked_at_when_git_names_one() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.git("add .");
    std::fs::copy(world.path(".git/index"), world.path(".git/other")).unwrap();
    world.git("reset -q");
    world.onehead("hook pre-commit").assert_silent();
    world.run(&["hook", "pre-commit"], "", &[("GIT_INDEX_FILE", ".git/other")]).assert(1, &["multiple-heads"]);
}

#[test]
fn two_heads_that_are_there_do_not_stand_in_the_way() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("two heads");
    world.git("checkout -q -b feature");
    // behind one of them
    world.script("d0e5", "'c9d4'", "refunds");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.git("commit -q -m refunds");
    // a revision that joins them
    world.script("e6f7", "('b2f1', 'd0e5')", "merge");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.git("rm -q -f migrations/versions/e6f7_merge.py");
    // a third
    world.script("e6f7", "'a1c0'", "more");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["3 heads"]);
}

#[test]
fn the_heads_that_are_there_are_noted_by_check_and_refuse_nothing() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("two heads");
    world.git("checkout -q -b feature");
    world.check("").assert(0, &["note multiple-heads"]);
    world.check("--all").assert(1, &["error multiple-heads"]);
}

#[test]
fn a_head_under_a_label_of_its_own_is_meant() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    let path = world.script("c9d4", "None", "plugin");
    world.git("add .");
    world.check("--staged").assert(1, &["error multiple-heads"]);
    let labelled = world.read(&path).replace(
        "branch_labels: Union[str, Sequence[str], None] = None",
        "branch_labels: Union[str, Sequence[str], None] = ('plugin',)",
    );
    world.write(&path, labelled);
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.git("commit -q -m plugin");
    // each branch goes on
    world.script("d0e5", "'c9d4'", "more");
    world.script("e6f7", "'b2f1'", "other");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    // but a branch that parts collides
    world.script("f8a9", "'c9d4'", "again");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["multiple-heads", "`f8a9`"]);
}

#[test]
fn a_deleted_revision_is_refused_and_the_help_names_its_file() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    world.git(&format!("rm -q {BASE}"));
    world
        .onehead("hook pre-commit")
        .assert(1, &["missing-down-revision", "`b2f1` follows `a1c0`, which does not exist", BASE]);
}

#[test]
fn the_newest_revision_may_go() {
    let world = World::new();
    let path = world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    world.git(&format!("rm -q {path}"));
    world.onehead("hook pre-commit").assert_silent();
}

#[test]
fn a_file_may_be_renamed() {
    let world = World::new();
    let path = world.script("b2f1", "'a1c0'", "payments");
    world.git("checkout -q -b feature");
    world.commit("payments");
    world.git(&format!("mv {path} migrations/versions/0002_b2f1.py"));
    world.onehead("hook pre-commit").assert_silent();
}

#[test]
fn the_same_id_twice_is_refused_with_the_right_remedy() {
    let world = World::new();
    let path = world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    std::fs::copy(world.path(&path), world.path("migrations/versions/copy.py")).unwrap();
    world.git("add .");
    let copy = world.onehead("hook pre-commit");
    copy.assert(1, &["duplicate-revision", "git rm", &path, "migrations/versions/copy.py"]);
    assert!(!copy.said().contains("alembic merge"), "{}", copy.said());
    world.remove("migrations/versions/copy.py");
    world.script("b2f1", "'a1c0'", "grants");
    world.git("add .");
    let other = world.onehead("hook pre-commit");
    other.assert(1, &["duplicate-revision", "a new id"]);
    assert!(!other.said().contains("alembic merge"), "{}", other.said());
}

#[test]
fn the_same_id_on_both_branches_is_refused() {
    let world = parted();
    world.script("c9d4", "'a1c0'", "payments");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["duplicate-revision", "once merged with `develop`"]);
}

#[test]
fn the_very_first_commit_is_checked() {
    let world = World::empty();
    world.script("a1c0", "None", "users");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.script("b2f1", "None", "payments");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["multiple-heads", "no revision in common"]);
}

#[test]
fn a_merge_brings_the_heads_of_both_sides() {
    let world = colliding();
    world.git("commit -q -m payments");
    world.git("merge -q --no-commit develop");
    // being concluded by hand
    let refused = world.onehead("hook pre-commit");
    refused.assert(1, &["multiple-heads", "`b2f1`", "`c9d4`"]);
    // made by git: no MERGE_HEAD yet
    let merged = world.id("develop");
    std::fs::remove_file(world.path(".git/MERGE_HEAD")).unwrap();
    let name = format!("GITHEAD_{merged}");
    world
        .run(&["hook", "pre-merge-commit"], "", &[(&name, "develop")])
        .assert(1, &["multiple-heads", "develop", "onehead refuses this merge"]);
}

#[test]
fn heads_that_one_side_of_a_merge_has_already_are_not_new() {
    let world = World::new();
    world.git("checkout -q -b two");
    world.script("b2f1", "'a1c0'", "payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("two heads");
    world.git("checkout -q -b feature develop");
    world.write("README", "x");
    world.commit("readme");
    world.git("merge -q --no-commit two");
    world.onehead("hook pre-commit").assert_silent();
    std::fs::remove_file(world.path(".git/MERGE_HEAD")).unwrap();
    let name = format!("GITHEAD_{}", world.id("two"));
    world.run(&["hook", "pre-merge-commit"], "", &[(&name, "two")]).assert_silent();
    // without the other parent it would be a commit that brings two heads
    world.onehead("hook pre-commit").assert(1, &["multiple-heads"]);
}

#[test]
fn a_merge_that_joins_the_heads_passes() {
    let world = colliding();
    world.git("commit -q -m payments");
    world.git("merge -q --no-commit develop");
    world.script("e6f7", "('b2f1', 'c9d4')", "merge");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.git("commit -q -m merge");
    world.check("").assert(0, &[]);
    world.check("--commit HEAD").assert(0, &[]);
}

#[test]
fn both_the_fetched_and_the_local_base_branch_are_looked_at() {
    let world = parted();
    world.git("remote add origin ../nowhere");
    world.git("update-ref refs/remotes/origin/develop develop");
    world.git("branch -f develop feature");
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    // only the fetched one has gone on
    world.onehead("hook pre-commit").assert(1, &["merged with `origin/develop`"]);
    world.git("branch -f develop origin/develop");
    world.git("update-ref refs/remotes/origin/develop feature");
    // only the local one
    world.onehead("hook pre-commit").assert(1, &["merged with `develop`"]);
    world.git("branch -f develop feature");
    world.onehead("hook pre-commit").assert_silent();
}

#[test]
fn the_base_branch_is_develop_then_main_then_master() {
    let world = colliding();
    let merged_with = |name: &str| {
        let found = world.check("--staged");
        let message = found.json["diagnostics"][0]["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.starts_with(&format!("merged with `{name}`")), "{name}: {found:?}");
    };
    merged_with("develop");
    world.git("branch main develop");
    world.git("branch -f develop feature");
    world.check("--staged").assert(0, &[]);
    world.git("branch -D develop");
    merged_with("main");
    world.git("branch -m main master");
    merged_with("master");
    world.git("branch -m master trunk");
    world.check("--staged").assert(0, &[]);
}

#[test]
fn without_a_base_branch_one_line_says_so() {
    let world = parted();
    world.git("branch -m develop trunk");
    let checked = world.onehead("check");
    checked.assert(0, &["onehead: no base branch (develop, main, master, the remote's default)", "all is well"]);
    assert_eq!(checked.stdout.lines().count(), 2, "{}", checked.stdout);
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    let hook = world.onehead("hook pre-commit");
    hook.assert(0, &["no base branch"]);
    assert_eq!(hook.stderr.lines().count(), 1, "{}", hook.stderr);
    world.check("--staged --base trunk").assert(1, &["error forked-from-base"]);
    world.onehead("check --base nowhere").assert_failed(&["nowhere"]);
}

#[test]
fn work_on_the_base_branch_itself_is_checked_without_a_word_about_bases() {
    let world = World::new();
    world.onehead("check").assert(0, &["all is well: 1 revision, head a1c0"]);
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    // pushed by somebody else meanwhile
    world.git("remote add origin ../nowhere");
    world.git("update-ref refs/remotes/origin/develop HEAD");
    world.onehead("hook pre-commit").assert_silent();
    world.git("stash -q");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("grants");
    world.git("update-ref refs/remotes/origin/develop HEAD");
    world.git("reset -q --hard HEAD^");
    world.git("stash pop -q --index");
    world.onehead("hook pre-commit").assert(1, &["merged with `origin/develop`"]);
}

#[test]
fn a_revision_that_the_base_branch_has_is_left_as_it_is() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    world.git("checkout -q -b feature");
    let published = "migrations/versions/b2f1_payments.py";
    let text = world.read(published);

    world.write(published, text.replace("sa.Integer()", "sa.BigInteger()"));
    world.git("add .");
    world.onehead("hook pre-commit").assert(0, &["warning[changed-published-revision]", "`b2f1` was edited"]);

    world.write(published, format!("# a remark\n{}", text.replace("    op.", "\n    op.")));
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.git("reset -q --hard");

    world.git(&format!("mv {published} migrations/versions/0002_b2f1.py"));
    world.check("--staged").assert(0, &["warning changed-published-revision"]);
    world.git("reset -q --hard");

    world.git(&format!("rm -q {published}"));
    let deleted = world.onehead("hook pre-commit");
    deleted.assert(0, &["`b2f1` was deleted", &format!("git checkout develop -- {published}")]);
    world.git(&format!("checkout develop -- {published}"));
    world.onehead("hook pre-commit").assert_silent();

    world.script("d0e5", "'b2f1'", "more");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
}

#[test]
fn a_revision_that_only_this_branch_has_may_be_edited() {
    let world = World::new();
    world.git("checkout -q -b feature");
    let path = world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    world.write(&path, world.read(&path).replace("Integer", "BigInteger"));
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
}

#[test]
fn a_file_renamed_on_one_side_and_edited_on_the_other_is_one_revision() {
    for ours_renames in [true, false] {
        let world = World::new();
        let renamed = "migrations/versions/0001_users.py";
        let rename = || {
            world.git(&format!("mv {BASE} {renamed}"));
            world.git("commit -q -m renamed");
        };
        let edit = || {
            world.write(BASE, world.read(BASE) + "# edited\n");
            world.commit("edited");
        };
        world.git("checkout -q -b feature");
        if ours_renames {
            rename()
        } else {
            edit()
        }
        world.git("checkout -q develop");
        if ours_renames {
            edit()
        } else {
            rename()
        }
        world.git("checkout -q feature");
        world.script("b2f1", "'a1c0'", "payments");
        world.git("add .");
        world.onehead("hook pre-commit").assert_silent();
    }
}

#[test]
fn only_the_heads_that_collide_are_named() {
    let world = World::new();
    world.write("migrations/versions/p1.py", "revision = 'p1'\ndown_revision = None\nbranch_labels = 'plugin'\n");
    world.commit("plugin");
    world.script("p2", "'p1'", "two");
    world.script("p3", "'p1'", "three");
    world.git("add .");
    let refused = world.onehead("hook pre-commit");
    refused.assert(1, &["2 heads: `p2` and `p3` part at `p1`", "alembic merge p2 p3 -m"]);
}

#[test]
fn a_fork_beside_a_separate_history_is_seen_and_named() {
    let world = World::new();
    world.script("z0", "None", "a separate history");
    world.commit("two heads");
    world.git("checkout -q -b feature");
    world.script("b2f1", "'a1c0'", "payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.git("add .");
    let refused = world.onehead("hook pre-commit");
    refused.assert(1, &["2 heads: `b2f1` and `c9d4` part at `a1c0`", "alembic merge b2f1 c9d4 -m"]);
    world.git("commit -q -m parted");
    world.script("n0", "None", "one more");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["4 heads", "`n0`"]);
}

#[test]
fn what_the_base_branch_has_is_not_to_be_edited() {
    let world = parted();
    world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    world.git("branch before");
    world.git("rebase -q develop");
    // as if pushed over what the remote had before the rebase
    let asked = format!("refs/heads/feature {} refs/heads/feature {}\n", world.id("feature"), world.id("before"));
    let refused = world.run(&["hook", "pre-push", "origin", "url"], &asked, &[]);
    refused.assert(1, &["set `down_revision = \"c9d4\"` in migrations/versions/b2f1_payments.py"]);
}

#[test]
fn a_broken_file_may_be_mended_bit_by_bit() {
    let world = World::new();
    let helper = "migrations/versions/helper.py";
    world.write(helper, "X = 1\n");
    world.write("migrations/versions/b2f1.py", "revision = 'b2f1'\ndown_revision = 'a1c0'\ndef upgrade(:\n");
    world.commit("broken");
    world.write(helper, "X = 2\n");
    world.write("migrations/versions/b2f1.py", "revision = 'b2f1'\ndown_revision = 'a1c0'\ndef upgrade(: # x\n");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.write("migrations/versions/more.py", "X = 1\n");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["more.py declares no `revision`"]);
}
