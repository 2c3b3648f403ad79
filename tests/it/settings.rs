//! `onehead.toml`, `[tool.onehead]` and suppressions: what a project says to onehead, and what it is told when it errs.

use crate::world::World;

/// Two heads staged on `develop`.
fn two_heads() -> World {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.git("add .");
    world
}

fn with(settings: &str) -> World {
    let world = two_heads();
    world.write("onehead.toml", settings);
    world.git("add .");
    world
}

#[test]
fn an_unknown_key_is_pointed_at() {
    for (text, place) in [
        ("bse = 'x'\n", "onehead.toml:1:1: unknown key `bse`"),
        ("\n[heads]\nmaximum = 2\n", "onehead.toml:3:1: unknown key `maximum`"),
        ("[rulez]\n", "onehead.toml:1:2: unknown key `rulez`"),
        ("[rules]\nmultiple-heads = 'loud'\n", "onehead.toml:2:18: unknown value `loud`"),
        ("[rules]\nmultiple-head = 'off'\n", "onehead.toml:2:1: there is no rule `multiple-head`"),
        ("[heads]\nmax = 0\n", "onehead.toml:2:7:"),
        ("[heads\n", "onehead.toml:1:7:"),
        ("\"\\u001b[31m\" = 1\n", "onehead.toml:1:1: unknown key `\\u{1b}[31m`"),
    ] {
        let world = with(text);
        for line in ["check", "check --staged", "heads", "hook pre-commit"] {
            world.onehead(line).assert_failed(&[place]);
        }
    }
}

#[test]
fn a_rule_can_be_off_a_warning_or_an_error() {
    with("").check("--staged").assert(1, &["error multiple-heads"]);
    with("[rules]\nmultiple-heads = 'off'\n").check("--staged").assert(0, &[]);
    with("[rules]\nmultiple-heads = 'warning'\n").check("--staged").assert(0, &["warning multiple-heads"]);
    with("[rules]\nmultiple-heads = 'warning'\n").onehead("hook pre-commit").assert(0, &["warning[multiple-heads]"]);
    let world = World::new();
    world.write("onehead.toml", "[rules]\nchanged-published-revision = 'error'\n");
    world.commit("settings");
    world.git("checkout -q -b feature");
    world.write(crate::world::BASE, world.read(crate::world::BASE).replace("Integer", "BigInteger"));
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["error[changed-published-revision]"]);
}

#[test]
fn what_was_there_stays_a_note_whatever_the_level() {
    let world = with("[rules]\nmultiple-heads = 'error'\n");
    world.commit("two heads");
    world.git("checkout -q -b feature");
    world.check("").assert(0, &["note multiple-heads"]);
}

#[test]
fn settings_come_from_the_tree_that_is_checked() {
    let world = two_heads();
    world.write("onehead.toml", "[rules]\nmultiple-heads = 'off'\n");
    // not staged
    world.check("--staged").assert(1, &["error multiple-heads"]);
    world.check("").assert(0, &[]);
}

#[test]
fn settings_may_stand_in_pyproject() {
    let world = two_heads();
    world.write("pyproject.toml", "[project]\nname = 'x'\n[tool.onehead.rules]\nmultiple-heads = 'off'\n");
    world.check("").assert(0, &[]);
    world.write("pyproject.toml", "[tool.onehead]\nbse = 'x'\n");
    world.onehead("check").assert_failed(&["pyproject.toml:2:1: unknown key `bse`"]);
    world.write("pyproject.toml", "[tool.other\n");
    world.check("").assert(1, &["error multiple-heads"]);
}

#[test]
fn as_many_heads_as_the_project_wants() {
    with("[heads]\nmax = 2\n").check("--staged").assert(0, &[]);
    let world = with("[heads]\nmax = 2\n");
    world.script("d0e5", "'a1c0'", "refunds");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["3 heads"]);
    // across branches too
    let world = World::new();
    world.write("onehead.toml", "[heads]\nmax = 2\n");
    world.commit("settings");
    world.git("checkout -q -b feature");
    world.git("checkout -q develop");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("grants");
    world.git("checkout -q feature");
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.script("d0e5", "'a1c0'", "refunds");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["forked-from-base", "3 heads"]);
}

#[test]
fn new_bases_where_they_are_wanted() {
    let world = World::new();
    world.script("b2f1", "None", "plugin");
    world.git("add .");
    world.check("--staged").assert(1, &["error multiple-heads"]);
    world.write("onehead.toml", "[heads]\nnew-bases = true\n");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.commit("plugin");
    world.script("c9d4", "'b2f1'", "more");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    // a history that parts collides all the same
    world.script("d0e5", "'b2f1'", "again");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["multiple-heads", "`c9d4`", "`d0e5`"]);
}

#[test]
fn the_base_branch_is_named() {
    let world = World::new();
    world.write("onehead.toml", "base = 'trunk'\n");
    world.commit("settings");
    world.git("checkout -q -b trunk");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("grants");
    world.git("checkout -q -b feature develop");
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["merged with `trunk`"]);
    // a flag wins
    world.check("--staged --base develop").assert(0, &[]);
    world.git("branch -D trunk");
    world.onehead("check").assert_failed(&["trunk"]);
}

#[test]
fn a_base_branch_that_is_not_here_stops_no_commit() {
    let world = World::new();
    world.write("onehead.toml", "base = 'trunk'\n");
    world.git("checkout -q -b feature");
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    world.onehead("hook pre-commit").assert(0, &["only the tree itself was checked", "trunk"]);
    world.onehead("check").assert_failed(&["trunk"]);
}

#[test]
fn environments_are_declared() {
    let world = two_heads();
    world.write(
        "onehead.toml",
        "[[environments]]\nname = 'core'\nscript-location = 'db/core'\n[[environments]]\nname = 'more'\n\
         version-locations = ['db/more', 'db/most']\nrecursive = true\n",
    );
    world.write("db/core/versions/0001_x.py", crate::world::script("0001", "None", "x"));
    world.write("db/more/deep/0001_x.py", crate::world::script("0001", "None", "x"));
    world.write("db/most/0002_x.py", crate::world::script("0002", "'0001'", "x"));
    assert_eq!(
        world.onehead("heads").stdout,
        "core: 1 revision, 1 head\n  0001 x\n    db/core/versions/0001_x.py\n\n\
         more: 2 revisions, 1 head\n  0002 x\n    db/most/0002_x.py\n"
    );
    world.write("onehead.toml", "[[environments]]\nname = 'gone'\nscript-location = 'nowhere'\n");
    world.onehead("check").assert_failed(&["onehead.toml", "`gone`", "nowhere"]);
}

/// `b2f1` beside `c9d4`, with `remark` behind the `down_revision` of the file the diagnostic points at.
fn suppressed(remark: &str) -> World {
    let world = World::new();
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("grants");
    let path = world.script("b2f1", "'a1c0'", "payments");
    world.write(&path, world.read(&path).replace("= 'a1c0'", &format!("= 'a1c0'  {remark}")));
    world.git("add .");
    world
}

#[test]
fn a_comment_suppresses_one_rule_at_one_place() {
    suppressed("").check("--staged").assert(1, &["error multiple-heads"]);
    let world = suppressed("# onehead: ignore[multiple-heads] both were released");
    world.onehead("hook pre-commit").assert_silent();
    world.check("--staged").assert(0, &[]);
    suppressed("# onehead: ignore[revision-cycle]")
        .check("--staged")
        .assert(1, &["error multiple-heads", "warning unused-suppression"]);
    suppressed("# ignore[multiple-heads]").check("--staged").assert(1, &["error multiple-heads"]);
    suppressed("# onehead: ignore[multiple-heads, revision-cycle]")
        .check("--staged")
        .assert(0, &["warning unused-suppression"]);
}

#[test]
fn a_suppression_of_no_rule_is_pointed_at() {
    let world = suppressed("# onehead: ignore[multiple-head]");
    world.check("--staged").assert(1, &["error multiple-heads", "warning unused-suppression"]);
    world.onehead("check --staged").assert(1, &["there is no rule `multiple-head`", "b2f1_payments.py:16:"]);
}

#[test]
fn an_unused_suppression_is_reported_only_where_something_changed() {
    let world = World::new();
    world.write(crate::world::BASE, world.read(crate::world::BASE) + "# onehead: ignore[revision-cycle]\n");
    world.git("add .");
    world.check("--staged").assert(0, &["warning unused-suppression"]);
    world.commit("x");
    world.git("checkout -q -b feature");
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.check("").assert(0, &[]);
}
