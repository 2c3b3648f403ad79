//! Files, repositories and names that nobody would wish for: a diagnostic, or one line and exit status 2; never a panic, a
//! hang or a silent pass.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use crate::world::{BASE, Outcome, World, script};

const FILE: &str = "migrations/versions/b2f1_payments.py";

/// What `check --staged` finds with these bytes in the versions folder.
fn staged(bytes: impl AsRef<[u8]>) -> (World, Outcome) {
    let world = World::new();
    world.write(FILE, bytes);
    world.git("add .");
    let outcome = world.onehead("check --staged");
    assert_eq!(world.onehead("hook pre-commit").status, outcome.status);
    assert_eq!(world.onehead("check").status, outcome.status);
    assert_ne!(world.onehead("heads").status, 1);
    (world, outcome)
}

#[track_caller]
fn refused(bytes: impl AsRef<[u8]>, rule: &str, words: &[&str]) -> World {
    let (world, outcome) = staged(bytes);
    outcome.assert(1, words);
    outcome.assert(1, &[&format!("error[{rule}]")]);
    world
}

#[track_caller]
fn well(bytes: impl AsRef<[u8]>) {
    staged(bytes).1.assert(0, &["all is well: 2 revisions, head b2f1"]);
}

#[test]
fn files_that_python_cannot_import() {
    let good = script("b2f1", "'a1c0'", "payments");
    refused(good.clone() + "def (:\n", "unreadable-revision", &["does not compile", FILE]);
    refused(b"\x7fELF\x02\x01\x01\0\0\0\xff\xfe\x80", "unreadable-revision", &[FILE]);
    refused(good.replace("payments", "\0"), "unreadable-revision", &["null bytes"]);
    refused("", "unreadable-revision", &["declares no `revision`"]);
    refused("def create_enum(name): ...\n", "unreadable-revision", &["declares no `revision`", "move the file out"]);
    refused("revision = 'b2f1'\n", "unreadable-revision", &["declares no `down_revision`"]);
    refused("revision = 7\ndown_revision = 'a1c0'\n", "unreadable-revision", &["is no string"]);
    refused(b"revision = 'b2f1'\ndown_revision = 'a1c0'\n# caf\xe9\n", "unreadable-revision", &["save it as UTF-8"]);
    let nested =
        format!("revision = 'b2f1'\ndown_revision = 'a1c0'\nx = {}{}\n", "(".repeat(10_000), ")".repeat(10_000));
    refused(&nested, "unreadable-revision", &["does not compile"]);
    refused(nested.replace([')'], ""), "unreadable-revision", &["does not compile"]);
}

#[test]
fn files_that_python_can_import() {
    let good = script("b2f1", "'a1c0'", "payments");
    well(&good);
    well(good.replace('\n', "\r\n"));
    well(format!("\u{feff}{good}"));
    well([b"# -*- coding: latin-1 -*-\n# caf\xe9\n", good.as_bytes()].concat());
    well(good.trim_end());
    well("revision = 'b2f1'\ndown_revision = 'a1c0'\n");
}

#[test]
fn python_2_is_a_warning() {
    let (_, outcome) = staged("revision = 'b2f1'\ndown_revision = 'a1c0'\ndef upgrade():\n    print 'x'\n");
    outcome.assert(0, &["warning[unreadable-revision]", "Python 2"]);
}

#[test]
fn circles() {
    refused(script("b2f1", "'b2f1'", "x"), "revision-cycle", &["`b2f1` follows itself"]);
    let world = World::new();
    world.script("a1c0", "'c9d4'", "users");
    world.script("b2f1", "'a1c0'", "payments");
    world.script("c9d4", "'b2f1'", "grants");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["error[revision-cycle]", "Cycle is detected in revisions"]);
}

#[test]
fn what_cannot_be_known_accuses_nobody() {
    let (_, outcome) = staged("import x\nrevision = 'b2f1'\ndown_revision = x.head()\n");
    outcome.assert(0, &["all is well"]);
    let (_, outcome) = staged("import x\nrevision = x.next()\ndown_revision = 'a1c0'\n");
    outcome.assert(0, &["all is well"]);
}

#[test]
fn a_file_of_100_megabytes_is_not_read() {
    let world = World::new();
    world.write(FILE, "");
    File::options().write(true).open(world.path(FILE)).unwrap().set_len(100 << 20).unwrap();
    let started = Instant::now();
    world.onehead("check").assert(0, &["warning[unreadable-revision]", "100 MB"]);
    world.git("add .");
    world.onehead("hook pre-commit").assert(0, &["warning[unreadable-revision]", "100 MB"]);
    world.onehead("heads").assert(0, &["a1c0"]);
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}

#[test]
fn wrong_settings_of_alembic() {
    for ini in
        ["[alembic\nscript_location = migrations\n", "[alembic]\nscript_location\n= x\n[alembic]\n", "\0\u{1}\u{2}"]
    {
        let world = World::new();
        world.write("alembic.ini", ini);
        world.script("b2f1", "'a1c0'", "payments");
        world.script("c9d4", "'a1c0'", "grants");
        world.git("add .");
        // the scripts are found all the same
        world.onehead("hook pre-commit").assert(1, &["multiple-heads"]);
        world.onehead("heads").assert(0, &["3 revisions, 2 heads"]);
    }
    let world = World::new();
    world.write("pyproject.toml", "[tool.alembic]\nscript_location = \"migrations\n");
    world.onehead("check").assert(0, &["all is well: 1 revision"]);
    world.write("onehead.toml", b"base = '\xff'\n");
    world.onehead("check").assert_failed(&["onehead.toml"]);
}

#[test]
fn a_conflict_that_is_not_resolved() {
    let world = World::new();
    let path = world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    for (branch, name) in [("one", "x"), ("two", "y")] {
        world.git(&format!("checkout -q -b {branch} develop"));
        world.write(&path, world.read(&path).replace("payments", name));
        world.commit(branch);
    }
    assert_eq!(world.try_git(&["merge", "one"]).status, 1);
    world.onehead("check --staged").assert(1, &["error[conflicted-migration]", &path]);
    world.onehead("check").assert(1, &["error[conflicted-migration]"]);
    // markers and all
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["error[conflicted-migration]", "conflict markers"]);
    // both sides changed it: seen before anybody merges
    world.git("reset -q --hard");
    world.check("--head two --base one").assert(0, &["warning conflicted-migration"]);
}

#[test]
fn no_commit_and_no_branch() {
    let world = World::empty();
    world.onehead("check").assert(0, &["no Alembic environment found"]);
    world.onehead("heads --rev HEAD").assert_failed(&["HEAD"]);
    world.onehead("check --commit HEAD").assert_failed(&["HEAD"]);
    world.onehead("hook pre-commit").assert_silent();
    let world = World::new();
    world.git("checkout -q --detach");
    world.onehead("check").assert(0, &["all is well"]);
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    world.onehead("hook pre-commit").assert_silent();
    world.git("commit -q -m payments");
    world.script("c9d4", "'a1c0'", "grants");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["multiple-heads", "HEAD"]);
}

#[test]
fn branches_that_share_no_commit() {
    let world = World::new();
    world.git("checkout -q --orphan other");
    world.onehead("check --staged").assert(0, &["all is well"]);
    world.commit("other");
    world.onehead("check").assert(0, &["all is well"]);
    world.script("b2f1", "None", "payments");
    world.git("rm -q -f --cached migrations/versions/a1c0_users.py");
    world.remove(BASE);
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["forked-from-base", "no revision in common"]);
}

/// A remote whose `develop` and `feature` part several commits ago.
fn remote() -> World {
    let world = World::new();
    world.git("checkout -q -b feature");
    for n in 1..4 {
        world.write("README", n.to_string());
        world.commit("x");
    }
    world.script("b2f1", "'a1c0'", "payments");
    world.commit("payments");
    world.git("checkout -q develop");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("grants");
    world.git("config uploadpack.allowFilter true");
    world
}

#[test]
fn a_shallow_clone_cannot_know_where_branches_part() {
    let world = remote();
    let url = format!("file://{}", world.repo().display());
    world.git(&format!("clone -q --depth=1 --no-single-branch -b feature {url} ../shallow"));
    world.enter("shallow");
    world.onehead("check").assert_failed(&["shallow", "git fetch --unshallow"]);
    world.onehead("check --head HEAD --base origin/develop").assert_failed(&["shallow"]);
    world.onehead("check --commit HEAD").assert_failed(&["shallow", "git fetch --deepen=1"]);
    world.onehead("heads").assert(0, &["b2f1"]);
    // a commit is judged by what is here, and told so
    world.script("d0e5", "'b2f1'", "refunds");
    world.git("add .");
    let hook = world.onehead("hook pre-commit");
    hook.assert(0, &["not checked against origin/develop", "shallow"]);
    world.script("e6f7", "'b2f1'", "more");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["multiple-heads"]);
    world.git("fetch -q --unshallow");
    world.git("reset -q --hard");
    world.onehead("check").assert(1, &["forked-from-base"]);
}

#[test]
fn what_a_partial_clone_left_out_is_unknown() {
    let world = remote();
    let url = format!("file://{}", world.repo().display());
    world.git(&format!("clone -q --filter=blob:none -b feature {url} ../partial"));
    world.enter("partial");
    let checked = world.onehead("check --head origin/feature --base origin/develop");
    checked.assert(0, &["warning[unreadable-revision]", "c9d4_grants.py is not in this clone", "git fetch --refetch"]);
    world.git("fetch -q --refetch --no-filter");
    world.onehead("check --head origin/feature --base origin/develop").assert(1, &["forked-from-base"]);
    // not even the configuration is here
    world.enter("repo");
    world.git(&format!("clone -q --filter=blob:none --no-checkout -b feature {url} ../bare"));
    world.enter("bare");
    let checked = world.onehead("check --head origin/feature --base origin/develop");
    checked.assert_failed(&["alembic.ini", "not in this clone", "git fetch --refetch --no-filter"]);
    world.git("fetch -q --refetch --no-filter");
    world.onehead("check --head origin/feature --base origin/develop").assert(1, &["forked-from-base"]);
}

#[test]
fn links() {
    let world = World::new();
    // the versions folder is a link inside of the repository
    fs::rename(world.path("migrations/versions"), world.path("shared")).unwrap();
    symlink("../shared", world.path("migrations/versions")).unwrap();
    world.commit("link");
    world.onehead("check").assert(0, &["all is well: 1 revision, head a1c0"]);
    world.write("shared/b2f1_payments.py", script("b2f1", "'a1c0'", "payments"));
    world.write("shared/c9d4_grants.py", script("c9d4", "'a1c0'", "grants"));
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["multiple-heads", "shared/b2f1_payments.py"]);
    world.git("reset -q --hard");
    // nowhere, out of the repository, and to itself
    for target in ["nowhere", "../../outside", "/etc", "versions"] {
        fs::remove_file(world.path("migrations/versions")).unwrap();
        symlink(target, world.path("migrations/versions")).unwrap();
        world.write("../outside/b2f1.py", script("b2f1", "None", "secret"));
        let outcome = world.onehead("check");
        assert!(!outcome.said().contains("b2f1"), "{target}: {}", outcome.said());
        assert_ne!(outcome.status, 2, "{target}: {}", outcome.said());
    }
    // a script that is a link
    let world = World::new();
    symlink("a1c0_users.py", world.path("migrations/versions/b2f1_link.py")).unwrap();
    symlink("nowhere.py", world.path("migrations/versions/c9d4_link.py")).unwrap();
    symlink("/etc/passwd", world.path("migrations/versions/d0e5_link.py")).unwrap();
    world.git("add .");
    world.onehead("check --staged").assert(0, &["all is well: 1 revision, head a1c0"]);
    world.onehead("check").assert(0, &["all is well: 1 revision, head a1c0"]);
}

#[test]
fn names_that_are_no_text() {
    let world = World::new();
    world.write(b"migrations/versions/b2f1_\xff\xfe.py", script("b2f1", "'a1c0'", "x"));
    world.write("migrations/versions/c9d4_\n\x1b[31m.py", script("c9d4", "'a1c0'", "x"));
    world.git("add .");
    for line in ["check", "check --staged", "hook pre-commit", "heads"] {
        let said = world.onehead(line).said();
        assert!(said.contains(r"b2f1_\xff\xfe.py"), "{said}");
        assert!(!said.contains(['\x1b', '\u{fffd}']), "{said:?}");
    }
    let found = world.check("--staged");
    found.assert(1, &["error multiple-heads"]);
    assert_eq!(found.json["diagnostics"][0]["path"], r"migrations/versions/b2f1_\xff\xfe.py");
    // a folder's name, too
    let world = World::empty();
    world.write(b"caf\xe9/alembic.ini", "[alembic]\nscript_location = %(here)s/db\n");
    world.write(b"caf\xe9/db/env.py", "");
    world.write(b"caf\xe9/db/versions/0001_x.py", script("0001", "None", "x"));
    world.git("add .");
    world.onehead("heads").assert(0, &[r"caf\xe9/db: 1 revision"]);
}

#[test]
fn nothing_of_the_repository_drives_the_terminal() {
    let evil = "\x1b]0;owned\x07\x1b[2J\u{202e}\u{9b}31m";
    let world = World::new();
    world.git("checkout -q -b feature");
    world.git("checkout -q develop");
    let text = script("ID", "'a1c0'", "MESSAGE").replace("ID", evil).replace("MESSAGE", evil);
    world.write(format!("migrations/versions/c9d4_{evil}.py"), &text);
    world.git("add .");
    world.run_git(&["-c", "user.name=x", "commit", "-q", "-m", evil, &format!("--author={evil} <x@example.com>")]);
    world.git("checkout -q feature");
    world.write("migrations/versions/b2f1_x.py", text.replace("owned", "other"));
    world.git("add .");
    for line in ["check", "check --staged", "hook pre-commit", "heads", "heads --rev develop", "check --commit develop"]
    {
        for format in ["human", "json"] {
            let outcome = world.onehead(&format!("{line} --format {format}"));
            assert!(outcome.status < 2, "{line}: {}", outcome.said());
            let raw = outcome.said().chars().any(|c| c != '\n' && onehead::source::is_unsafe(c));
            assert!(!raw, "{line}: {:?}", outcome.said());
        }
    }
    let name = evil.replace('\x07', "");
    world.run(&["check", "--base", &name], "", &[]).assert_failed(&["u{1b}"]);
    world.run(&["-C", &name, "check"], "", &[]).assert_failed(&["u{1b}"]);
    world.run(&["explain", &name], "", &[]).assert_failed(&["u{1b}"]);
}

#[test]
fn repositories_of_other_formats() {
    let world = World::init(&["--object-format=sha256"]);
    world.script("a1c0", "None", "users");
    world.commit("users");
    world.git("checkout -q -b feature");
    world.git("checkout -q develop");
    world.script("c9d4", "'a1c0'", "grants");
    world.commit("grants");
    world.git("checkout -q feature");
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    world.onehead("hook pre-commit").assert(1, &["forked-from-base"]);
    world.commit("payments");
    world.check("--commit HEAD").assert(0, &[]);
    world.check("").assert(1, &["error forked-from-base"]);

    let world = World::init(&["--ref-format=reftable"]);
    for line in ["check", "check --staged", "heads", "hook pre-commit", "hook pre-push origin x"] {
        world.onehead(line).assert_failed(&["refStorage", "git refs migrate"]);
    }

    let world = World::new();
    world.git("update-index --split-index");
    world.onehead("check --staged").assert_failed(&["split", "git update-index --no-split-index"]);
    world.git("update-index --no-split-index");
    world.onehead("check --staged").assert(0, &["all is well"]);
    world.write("big/x/y", "");
    world.write("big/z", "");
    world.commit("big");
    world.git("sparse-checkout set --cone --sparse-index migrations");
    world.onehead("check --staged").assert_failed(&["sparse"]);
    world.git("sparse-checkout disable");
    world.onehead("check --staged").assert(0, &["all is well"]);
}

#[test]
fn no_repository_or_a_damaged_one() {
    let world = World::new();
    world.enter("");
    for line in ["check", "heads", "hook pre-commit", "hook pre-push origin x", "install", "uninstall"] {
        let outcome = world.onehead(line);
        assert_eq!((outcome.status, outcome.stdout.as_str(), outcome.stderr.lines().count()), (2, "", 1), "{line}");
    }
    world.enter("repo");
    world.script("b2f1", "'a1c0'", "payments");
    world.git("add .");
    fs::write(world.path(".git/index"), "DIRC junk").unwrap();
    world.onehead("hook pre-commit").assert_failed(&["index"]);
    fs::remove_file(world.path(".git/index")).unwrap();
    world.git("reset -q");
    let blob = world.git("hash-object migrations/env.py").trim().to_owned();
    fs::remove_dir_all(world.path(".git/objects").join(&blob[..2])).unwrap();
    assert!(world.onehead("check").status < 2);
    let tree = world.id("HEAD:migrations");
    fs::remove_file(world.path(".git/objects").join(&tree[..2]).join(&tree[2..])).unwrap();
    world.onehead("heads --rev HEAD").assert_failed(&[&tree[..7]]);
    let head = OsStr::from_bytes(b".git/HEAD");
    fs::write(world.path(head.as_bytes()), "junk").unwrap();
    world.onehead("check").assert_failed(&[]);
}

/// A revision with these statements in `upgrade`, beside a helper module, checked. Each takes a fraction of a second; the limit
/// is for hangs, on a machine where others work too.
#[track_caller]
fn replayed(helper: &str, upgrade: &str) -> (World, Outcome) {
    let world = World::new();
    world.write("helper.py", helper);
    let body: String = upgrade.lines().map(|line| format!("    {line}\n")).collect();
    world.write(
        FILE,
        format!(
            "import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.dialects import postgresql\nimport helper\nrevision = 'b2f1'\ndown_revision = 'a1c0'\n\n\
             def upgrade():\n{body}\n\ndef downgrade():\n    op.drop_table('never_made')\n"
        ),
    );
    world.git("add .");
    let started = Instant::now();
    let outcome = world.onehead("check --all");
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    (world, outcome)
}

/// Nothing is said of what may be meant otherwise, nor of a table that may be there.
#[track_caller]
fn silent(helper: &str, upgrade: &str) {
    let (_, outcome) = replayed(helper, &format!("{upgrade}\nop.drop_column('perhaps_made', 'x')"));
    outcome.assert(0, &["all is well: 2 revisions, head b2f1"]);
}

#[test]
fn sql_without_end() {
    let nested = |open: &str, close: &str| format!("SELECT {}1{}", open.repeat(10_000), close.repeat(10_000));
    let rows = "(1, '{}'), ".replace("{}", &"x".repeat(300)).repeat(10_000);
    for sql in [
        nested("(", ")"),
        nested("(", ""),
        nested("NOT ", ""),
        nested("(SELECT ", ")"),
        nested("- ", ""),
        nested("a + ", ""),
        format!("DO $$ {} $$", "BEGIN ".repeat(10_000)),
        format!("DO $$ {} $$", "DO $a$ ".repeat(10_000)),
        "SELECT '".to_owned(),
        "SELECT $$ /* \"".to_owned(),
        "/*".repeat(10_000),
        format!("INSERT INTO \"perhaps_made\" VALUES {rows} (2, 'x')"),
        "UPDATE perhaps_made SET x = 1; ".repeat(5_000),
        "\u{1}\u{feff}\u{202e}é".repeat(1_000),
    ] {
        silent("", &format!("op.execute('''{}''')", sql.replace('\'', "\\'")));
    }
    let (_, outcome) = replayed("", &format!("op.execute('{}')", "CREATE TABLE ".repeat(5_000)));
    outcome.assert(1, &["error[invalid-sql]", "syntax error at or near"]);
}

#[test]
fn python_without_end() {
    for upgrade in [
        "while True:\n    op.execute('SELECT 1')",
        "for i in range(10 ** 9):\n    for j in range(10 ** 9):\n        op.execute(f'SELECT {i + j}')",
        "text = 'x'\nfor i in range(100):\n    text = text + text",
        "x = 'x' * 10 ** 12",
        "rows = [1]\nfor row in rows:\n    rows.append(row)",
        "rows = [[]]\nfor i in range(100):\n    rows = rows + rows\nop.bulk_insert(helper.table, rows)",
        "def again(n):\n    again(n + 1)\n    again(n + 2)\nagain(0)",
        "helper.one(0)",
        "class A:\n    def __getattr__(self, name):\n        return getattr(self, name + 'x')\nA().x",
        "x = []\nx.append(x)\ny = str(x)\nz = f'{x == x}'",
        "x = '%999999999999d' % 1",
        "x = '{:>999999999999}'.format(1)",
        "x = str(9 ** 9 ** 9 ** 9)",
        "x = str(1 << 10 ** 12)",
    ] {
        silent("def one(n):\n    return two(n)\n\ndef two(n):\n    return one(n) + one(n)\n", upgrade);
    }
    let deep = |open: &str, close: &str, depth: usize| format!("x = {}1{}", open.repeat(depth), close.repeat(depth));
    for (open, close) in [("(", ",)"), ("[", "]"), ("- ", ""), ("1 + ", ""), ("not ", ""), ("x if x else ", "")] {
        // the parser itself may say no to the one; what it takes is followed or is not
        replayed("", &deep(open, close, 10_000));
        replayed("", &deep(open, close, 90));
        replayed(&deep(open, close, 10_000), "op.execute(helper.x)");
        replayed(&deep(open, close, 3_000), "op.execute(helper.x)");
    }
}

#[test]
fn files_without_end() {
    let rows = "        {'id': 1, 'name': 'some'},\n".repeat(100_000);
    silent("", &format!("op.bulk_insert(sa.table('perhaps_made', sa.column('id')), [\n{rows}])"));
    let functions: String =
        (0..70_000).map(|at| format!("def function_{at}(x):\n    return function_0(x)\n\n\n")).collect();
    assert!((3 << 20..4 << 20).contains(&functions.len()), "{}", functions.len());
    silent(&functions, "helper.function_69999(1)");
    // over what is read: a library like any other
    silent(&functions.repeat(2), "helper.function_69999(1)");
}

#[test]
fn modules_that_import_each_other() {
    let world = World::new();
    world.write("migrations/__init__.py", "");
    for at in 0..300 {
        let next = (at + 1) % 300;
        world.write(
            format!("migrations/part_{at}.py"),
            format!("from migrations.part_{next} import name\nfrom migrations.part_{next} import *\n"),
        );
    }
    world.write(
        FILE,
        "from alembic import op\nfrom migrations import part_7\nfrom migrations.part_0 import name\nfrom migrations.part_1 import *\n\
         revision = 'b2f1'\ndown_revision = 'a1c0'\n\ndef upgrade():\n    op.drop_table(name)\n    op.drop_table(part_7.other)\n    \
         op.drop_table(another)\n",
    );
    let started = Instant::now();
    world.check("--all").assert(0, &[]);
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}

#[test]
fn an_upgrade_that_cannot_be_read_hides_nothing() {
    let broken = "revision = 'b2f1'\ndown_revision = 'a1c0'\ndef upgrade():\n    op.drop_table(\n";
    refused(broken, "unreadable-revision", &["does not compile"]);
    // what it may have done excuses what comes after it, and nothing that came before
    let world = World::new();
    world.write(FILE, "from x import upgrade\nrevision = 'b2f1'\ndown_revision = 'a1c0'\n");
    let after = "from alembic import op\nrevision = 'c9d4'\ndown_revision = 'b2f1'\n\ndef upgrade():\n    op.drop_column('t', 'x')\n";
    world.write("migrations/versions/c9d4_after.py", format!("{after}\ndef downgrade():\n    op.drop_table('u')\n"));
    world.check("--all").assert(0, &[]);
    let shown = world.onehead("schema");
    shown.assert(0, &["b2f1"]);
}

/// What is said of models that change from `before` to `after`, in the time it may take.
#[track_caller]
fn models(before: &str, after: impl AsRef<[u8]>) -> Outcome {
    let world = World::empty();
    crate::drift::shop(&world);
    world.write("shop/more.py", before);
    let path = "migrations/env.py";
    world.write(
        path,
        world.read(path).replace("from shop.models import Base", "import shop.more\nfrom shop.models import Base"),
    );
    world.commit("before");
    world.write("shop/more.py", after);
    world.git("add .");
    let started = Instant::now();
    let outcome = world.onehead("check --staged");
    assert!(started.elapsed() < Duration::from_secs(12), "{:?}", started.elapsed());
    outcome
}

const MODEL: &str = "import sqlalchemy as sa\nfrom shop.models import Base\n\nclass More(Base):\n    __tablename__ = 'more'\n    \
                     id = sa.Column(sa.Integer, primary_key=True)\n";

#[test]
fn models_that_are_no_python() {
    for junk in [
        "class More(Base:\n    x = sa.Column(\n".as_bytes().to_vec(),
        [MODEL.as_bytes(), b"\0\xff\xfe\0\x80"].concat(),
        format!(
            "{MODEL}    a = sa.Column(sa.Text)\n<<<<<<< ours\n    b = sa.Column(sa.Text)\n=======\n>>>>>>> theirs\n"
        )
        .into_bytes(),
        [MODEL.as_bytes(), &b"# and so on\n".repeat(12 << 20)[..]].concat(),
    ] {
        let outcome = models(MODEL, &junk);
        // nothing that it declared is taken for gone; that it cannot be told is worth a warning
        outcome.assert(0, &["shop/more.py"]);
        assert!(!outcome.said().contains("no longer declare"), "{}", outcome.said());
    }
    models(MODEL, b"").assert(0, &[]);
    // what could not be told before is not new
    models("class More(Base:\n    x = sa.Column(\n", MODEL).assert(0, &["all is well"]);
}

#[test]
fn models_without_end() {
    let deep = |open: &str, close: &str| {
        format!("{MODEL}    a = sa.Column({}sa.Text{})\n", open.repeat(9_000), close.repeat(9_000))
    };
    let many: String = (0..5_000)
        .map(|at| format!("class C{at}(Base):\n    __tablename__ = 'c{at}'\n    id = sa.Column(sa.Integer, primary_key=True)\n    x = sa.Column(sa.Text)\n\n"))
        .collect();
    let many = format!("import sqlalchemy as sa\nfrom shop.models import Base\n\n{many}");
    for after in [
        deep("(", ")"),
        deep("[", "]"),
        deep("lambda: ", ""),
        format!(
            "{MODEL}\nclass More(More):\n    pass\n\nclass A(B): x = sa.Column(sa.Text)\nclass B(A): y = sa.Column(sa.Text)\n"
        ),
        format!(
            "{MODEL}\nclass Meta(type(Base)):\n    def __new__(cls, name, bases, ns):\n        ns['z'] = sa.Column(sa.Text)\n        return super().__new__(cls, name, bases, ns)\n\nclass T(Base, metaclass=Meta):\n    __tablename__ = 't'\n    id = sa.Column(sa.Integer, primary_key=True)\n"
        ),
        format!("{MODEL}\nwhile True:\n    setattr(More, 'x', sa.Column(sa.Text))\n"),
        format!("{MODEL}\ndef more(n):\n    return more(n + 1)\n\nOther = more(0)\n"),
        format!("from shop.more import *\nfrom shop.models import *\n{MODEL}"),
        many.clone(),
    ] {
        let outcome = models(MODEL, &after);
        assert_ne!(outcome.status, 2, "{}", outcome.said());
    }
    // nobody has made them, and nobody does
    models(&many, many.replace("'c4999'\n    id", "'c4999'\n    more = sa.Column(sa.Text)\n    id"))
        .assert(0, &["all is well"]);
}
