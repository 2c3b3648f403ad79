//! `check` and `heads` as they are typed, and what machines read of them.

use serde_json::{Value, json};

use crate::world::World;

const CHECK_KEYS: &str = "rule severity message environment revisions path line column help";
const HEADS_KEYS: &str = "name config script_location version_locations revisions heads effective_heads bases branch_points \
    merge_points upgrade_order";

/// `develop` with `a1c0`; `feature` with `b2f1`; `c9d4` on `develop`, tagged `parted`; both merged into `merged`.
fn history() -> World {
    let world = World::new();
    world.git("checkout -q -b feature");
    world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    world.git("checkout -q develop");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("grants");
    world.git("checkout -q -b merged");
    world.git("merge -q --no-edit feature");
    world.git("checkout -q develop");
    world
}

#[test]
fn a_commit_is_judged_against_its_own_parents() {
    let world = history();
    world.check("--commit feature").assert(0, &[]);
    world.check("--commit develop").assert(0, &[]);
    // today's base branch says nothing about that commit, unless it is named
    world.check("--commit feature --base develop").assert(1, &["error forked-from-base"]);
    world.check("--commit feature --base feature").assert(0, &[]);
    world.check("--commit merged").assert(1, &["error multiple-heads"]);
    world.git("checkout -q merged");
    world.script("e6f7", "('b2f1', 'c9d4')", "merge");
    world.commit("merge");
    world.check("--commit HEAD").assert(0, &[]);
    // a commit that leaves two heads as they were
    world.git("checkout -q -B more HEAD^");
    world.write("README", "x");
    world.commit("x");
    world.check("--commit HEAD").assert(0, &["note multiple-heads"]);
    // a merge of two heads into two heads adds none
    world.git("checkout -q -b side feature");
    world.write("side", "x");
    world.commit("side");
    world.git("checkout -q more");
    world.git("merge -q --no-edit side");
    world.check("--commit HEAD").assert(0, &["note multiple-heads"]);
}

#[test]
fn the_root_commit_has_everything_new() {
    let world = World::empty();
    world.script("a1c0", "None", "users");
    world.commit("one");
    world.check("--commit HEAD").assert(0, &[]);
    world.script("b2f1", "None", "payments");
    world.git("add .");
    world.git("commit -q --amend -m two");
    world.check("--commit HEAD").assert(1, &["error multiple-heads"]);
}

#[test]
fn a_head_is_judged_as_it_would_be_merged() {
    let world = history();
    world.check("--head feature").assert(1, &["error forked-from-base"]);
    world.check("--head feature --base develop").assert(1, &["error forked-from-base"]);
    world.check("--head feature --base feature").assert(0, &[]);
    world.check("--head feature~1 --base develop").assert(0, &[]);
    world.check("--head merged").assert(1, &["error multiple-heads"]);
    // two heads that the base branch has are noted, unless all is judged
    world.git("checkout -q -b next merged");
    world.git("branch -f develop merged");
    world.script("d0e5", "'b2f1'", "refunds");
    world.commit("refunds");
    world.check("--head next").assert(0, &["note multiple-heads"]);
    world.check("--head next --all").assert(1, &["error multiple-heads"]);
}

#[test]
fn the_work_tree_counts_with_what_git_does_not_know_yet() {
    let world = history();
    world.check("").assert(0, &[]);
    let path = world.script("d0e5", "'a1c0'", "refunds");
    world.check("").assert(1, &["error multiple-heads"]);
    // but not with what it ignores
    world.write(".gitignore", &path);
    world.check("").assert(0, &[]);
    world.remove(".gitignore");
    world.git("checkout -q feature");
    world.remove(&path);
    world.check("").assert(1, &["error forked-from-base"]);
}

#[test]
fn all_is_well_in_one_line() {
    let world = World::new();
    assert_eq!(world.onehead("check").stdout, "all is well: 1 revision, head a1c0\n");
    assert_eq!(world.onehead("check --staged").stdout, "all is well: 1 revision, head a1c0\n");
    world.write("other/alembic.ini", "[alembic]\nscript_location = %(here)s/db\n");
    world.write("other/db/env.py", "");
    world.write("other/db/versions/0001_x.py", crate::world::script("0001", "None", "x"));
    assert_eq!(world.onehead("check").stdout, "all is well: 2 revisions in 2 environments\n");
    let empty = World::empty();
    assert_eq!(empty.onehead("check").stdout, "no Alembic environment found\n");
}

#[test]
fn what_a_check_says_to_machines() {
    let world = history();
    let outcome = world.onehead("check --format json --head feature");
    outcome.assert(1, &[]);
    assert_eq!((outcome.stderr.as_str(), outcome.stdout.lines().count()), ("", 1));
    assert!(outcome.stdout.starts_with(r#"{"version":1,"refused":true,"diagnostics":[{"rule":"forked-from-base","#));
    assert_eq!(keys_of_first(&outcome.stdout, "\"diagnostics\":[{"), CHECK_KEYS);
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let found = &json["diagnostics"][0];
    let help = found["help"].as_str().unwrap();
    assert!(help.starts_with("git merge --no-commit develop\n"), "{help}");
    let mut rest = found.clone();
    rest["help"] = Value::Null;
    assert_eq!(
        rest,
        json!({
            "rule": "forked-from-base",
            "severity": "error",
            "message": "merged with `develop` there are 2 heads: `b2f1` here and `c9d4` there part at `a1c0`",
            "environment": "migrations",
            "revisions": ["b2f1", "c9d4"],
            "path": "migrations/versions/b2f1_payments.py",
            "line": 16,
            "column": 50,
            "help": null
        })
    );
    let well = world.onehead("check --format json");
    assert_eq!(well.stdout, "{\"version\":1,\"refused\":false,\"diagnostics\":[]}\n");
    // what was not looked at is told where it does not stand in the way of a parser
    world.git("branch -m develop trunk");
    let remarked = world.onehead("check --format json");
    assert_eq!(remarked.stdout, "{\"version\":1,\"refused\":false,\"diagnostics\":[]}\n");
    assert!(remarked.stderr.starts_with("onehead: no base branch"), "{}", remarked.stderr);
}

#[test]
fn what_heads_says_to_machines() {
    let world = history();
    let outcome = world.onehead("heads --format json --rev merged");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    assert_eq!(keys_of_first(&outcome.stdout, "\"environments\":[{"), HEADS_KEYS);
    assert!(outcome.stdout.starts_with(r#"{"version":1,"environments":["#), "{}", outcome.stdout);
    let mut json: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let diagnostics = json["diagnostics"].take();
    assert_eq!(diagnostics[0]["rule"], "multiple-heads");
    assert_eq!(
        json,
        json!({
            "version": 1,
            "environments": [{
                "name": "migrations",
                "config": "alembic.ini",
                "script_location": "migrations",
                "version_locations": ["migrations/versions"],
                "revisions": 3,
                "heads": ["b2f1", "c9d4"],
                "effective_heads": ["b2f1", "c9d4"],
                "bases": ["a1c0"],
                "branch_points": ["a1c0"],
                "merge_points": [],
                "upgrade_order": ["a1c0", "c9d4", "b2f1"]
            }],
            "diagnostics": null
        })
    );
    world.git(&format!("rm -q {}", crate::world::BASE));
    let broken: Value = serde_json::from_str(&world.onehead("heads --format json").stdout).unwrap();
    assert_eq!(broken["environments"][0]["upgrade_order"], Value::Null);
    assert_eq!(broken["diagnostics"][0]["rule"], "missing-down-revision");
    let empty = World::empty();
    assert_eq!(empty.onehead("heads --format json").stdout, "{\"version\":1,\"environments\":[],\"diagnostics\":[]}\n");
}

#[test]
fn heads_for_people() {
    let world = history();
    assert_eq!(
        world.onehead("heads").stdout,
        "migrations: 2 revisions, 1 head\n  c9d4 grants\n    migrations/versions/c9d4_grants.py\n"
    );
    assert_eq!(
        world.onehead("heads --rev feature").stdout,
        "migrations: 2 revisions, 1 head\n  b2f1 payments\n    migrations/versions/b2f1_payments.py\n"
    );
    assert_eq!(World::empty().onehead("heads").stdout, "no Alembic environment found\n");
}

#[test]
fn a_folder_is_named_with_an_option() {
    let world = history();
    world.enter("");
    world.onehead("check").assert_failed(&["is not in a git repository"]);
    world.onehead("-C repo check").assert(0, &["all is well"]);
    world.onehead("check -C repo/migrations --head feature").assert(1, &["migrations/versions/b2f1_payments.py:16:"]);
    world.onehead("-C nowhere check").assert_failed(&["nowhere"]);
    // paths are relative to the repository's root, wherever we stand
    world.enter("repo/migrations/versions");
    world.onehead("check --head feature").assert(1, &["migrations/versions/b2f1_payments.py:16:"]);
}

#[test]
fn a_bare_repository_answers_whatever_takes_a_commit() {
    let world = history();
    world.git("clone -q --bare . ../bare.git");
    world.enter("bare.git");
    world.check("--commit merged").assert(1, &["error multiple-heads"]);
    world.check("--head feature --base develop").assert(1, &["error forked-from-base"]);
    world.check("").assert(0, &[]);
    world.check("--all").assert(0, &[]);
    world.onehead("heads --rev feature").assert(0, &["b2f1 payments"]);
    world.onehead("heads").assert(0, &["c9d4 grants"]);
    world.onehead("check --staged").assert_failed(&["bare", "--commit"]);
}

#[test]
fn wrong_usage_is_no_refusal() {
    let world = history();
    for line in ["", "chekc", "check --nonsense", "check --staged --all", "check --staged --commit HEAD", "hook"] {
        let outcome = world.onehead(line);
        assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""), "{line}: {outcome:?}");
        assert!(!outcome.stderr.is_empty());
    }
    for line in ["check --commit nowhere", "check --head nowhere", "check --base nowhere", "heads --rev nowhere"] {
        world.onehead(line).assert_failed(&["nowhere"]);
    }
    world.onehead("explain nonsense").assert_failed(&["nonsense", "onehead rules"]);
}

#[test]
fn what_nobody_reads_changes_no_answer() {
    let world = history();
    for line in ["check --head feature", "check --head feature --format json"] {
        assert_eq!(world.onehead_unread(line), (1, String::new()), "{line}");
    }
    for line in ["check", "check --format json", "heads", "heads --format json", "rules", "explain multiple-heads"] {
        assert_eq!(world.onehead_unread(line), (0, String::new()), "{line}");
    }
    world.git("checkout -q merged");
    world.git("reset -q --soft HEAD^");
    world.onehead("hook pre-commit --format json").assert(1, &["multiple-heads"]);
    assert_eq!(world.onehead_unread("--format json hook pre-commit"), (1, String::new()));
    // the real program and a real pipe
    let program = env!("CARGO_BIN_EXE_onehead");
    world.sh(&format!("{{ '{program}' check --head feature; echo $? >status; }} | :")).assert_silent();
    assert_eq!(world.read("status"), "1\n");
}

#[test]
fn colour_is_asked_for() {
    let world = history();
    assert!(!world.onehead("check --head feature").stdout.contains('\x1b'));
    assert!(world.onehead("check --head feature --color always").stdout.contains('\x1b'));
    let forced = world.run(&["check", "--head", "feature"], "", &[("CLICOLOR_FORCE", "1")]);
    assert!(forced.stdout.contains('\x1b'));
}

#[test]
fn the_rules_and_their_manuals() {
    let world = World::empty();
    let list = world.onehead("rules").stdout;
    let json: Value = serde_json::from_str(&world.onehead("rules --format json").stdout).unwrap();
    assert_eq!(list.lines().count(), onehead::rules::RULES.len());
    for (rule, row) in onehead::rules::RULES.iter().zip(json["rules"].as_array().unwrap()) {
        assert!(list.contains(rule.name), "{list}");
        assert_eq!(row, &json!({"name": rule.name, "severity": rule.severity.name(), "summary": rule.summary()}));
        world.onehead(&format!("explain {}", rule.name)).assert(0, &[rule.name, "## Why is this bad?", rule.summary()]);
    }
    world.onehead("completions bash").assert(0, &["complete"]);
    world.onehead("--version").assert(0, &["onehead "]);
    world.onehead("--help").assert(0, &["check", "heads", "install", "doctor", "demo"]);
}

/// The keys of the first object behind `start`, in the order they stand there.
fn keys_of_first(json: &str, start: &str) -> String {
    let object = &json[json.find(start).unwrap() + start.len()..];
    let (mut keys, mut depth, mut at) = (Vec::new(), 0, 0);
    while let Some(next) = object[at..].find(['"', '[', ']', '{', '}']).map(|found| at + found) {
        at = next + 1;
        match object.as_bytes()[next] {
            b'[' | b'{' => depth += 1,
            b']' => depth -= 1,
            b'}' if depth == 0 => break,
            b'}' => depth -= 1,
            _ => {
                let mut end = at;
                while object.as_bytes()[end] != b'"' {
                    end += if object.as_bytes()[end] == b'\\' { 2 } else { 1 };
                }
                if depth == 0 && object[end + 1..].starts_with(':') {
                    keys.push(&object[at..end]);
                }
                at = end + 1;
            }
        }
    }
    keys.join(" ")
}

#[test]
fn on_the_base_branch_what_is_committed_was_there() {
    let world = World::new();
    world.script("b2f1", "'a1c0'", "payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("two heads");
    world.check("").assert(0, &["note multiple-heads"]);
    world.check("--all").assert(1, &["error multiple-heads"]);
}

#[test]
fn what_cannot_be_placed_is_counted() {
    let world = World::new();
    world.write("migrations/versions/b2f1.py", "revision = 'b%d' % 1\ndown_revision = 'a1c0'\n");
    world.onehead("check").assert(0, &["all is well", "1 file cannot be placed"]);
    world.onehead("heads").assert(0, &["1 not to be placed"]);
}
