//! What is staged, what commits and refs say, and which branch is the base.

use super::*;
use crate::git::{Base, Change};

/// Changes as `git diff --raw` and `diff-tree -r --raw` print them, submodules apart: (path, old id, new id).
fn as_git_compares(output: &[u8]) -> Vec<(RepoPath, String, String)> {
    let mut parts = output.split(|&b| b == 0);
    let mut res = Vec::new();
    while let (Some(head), Some(path)) = (parts.next(), parts.next()) {
        let words: Vec<String> = String::from_utf8_lossy(head).split(' ').map(str::to_string).collect();
        res.push((RepoPath::new(path), words[2].clone(), words[3].clone()));
    }
    res.sort();
    res
}

fn as_we_compare(changes: Vec<Change>) -> Vec<(RepoPath, String, String)> {
    let id = |entry: Option<Entry>| entry.map_or("0".repeat(40), |entry| entry.blob.0.to_string());
    changes.into_iter().map(|change| (change.path, id(change.old), id(change.new))).collect()
}

#[test]
fn what_is_staged_is_what_git_says() {
    let sandbox = Sandbox::new();
    for name in odd_names() {
        sandbox.write(name, "x");
    }
    for i in 0..30 {
        sandbox.write(format!("many/{}/{i}", i % 3), format!("{i}"));
    }
    let first = sandbox.commit(&[("sub/a/x", "1"), ("sub/b/x", "1"), ("becomes-folder", "1"), ("becomes-file/x", "1")]);
    let check = || {
        let repository = sandbox.open();
        let staged = repository.staged(&repository.index().expect("an index"), repository.head().expect("HEAD"));
        let (_, raw) = sandbox.attempt(&["diff-index", "--cached", "--raw", "--no-renames", "-z", "HEAD"], b"");
        assert_eq!(as_we_compare(staged.expect("changes")), as_git_compares(&raw));
    };
    check();
    sandbox.write("sub/a/x", "2").write("many/1/new", "new").git(&["add", "-A"]);
    check();
    sandbox.git(&["rm", "-rq", "--cached", "many/2", "d/e"]);
    check();
    // Folders that git knows to be equal lie beside ones it has forgotten.
    sandbox.git(&["write-tree"]);
    check();
    fs::remove_file(sandbox.dir.join("becomes-folder")).expect("a file");
    fs::remove_dir_all(sandbox.dir.join("becomes-file")).expect("a folder");
    sandbox.write("becomes-folder/x", "1").write("becomes-file", "1").git(&["add", "-A"]);
    check();
    sandbox.git(&["read-tree", "HEAD"]);
    check();
    sandbox.git(&["rm", "-rq", "--cached", "."]);
    check();
    let second = sandbox.commit(&[("sub/b/x", "3")]);
    check();
    for (old, new) in [(first, second), (second, first), (first, first)] {
        let ids = [old.to_string(), new.to_string()];
        let (_, raw) = sandbox.attempt(&["diff-tree", "-r", "--raw", "--no-renames", "-z", &ids[0], &ids[1]], b"");
        assert_eq!(as_we_compare(sandbox.open().tree_changes(old, new).expect("changes")), as_git_compares(&raw));
    }
}

#[test]
fn revisions_and_commits() {
    let sandbox = Sandbox::new();
    let first = sandbox.commit(&[("a", "1")]);
    sandbox.git(&["tag", "-a", "-m", "tag", "annotated"]);
    let second = sandbox.commit(&[("b", "1")]);
    sandbox.git(&["checkout", "-qb", "side", "HEAD~1"]);
    let side = sandbox.commit(&[("a", "2")]);
    sandbox.git(&["checkout", "-q", "develop"]);
    sandbox.git(&["merge", "-q", "--no-ff", "side", "-m", "merged"]);
    let merge = sandbox.head();
    let repository = sandbox.open();
    for (revision, commit) in [("HEAD~1", second), ("annotated", first), ("side", side), (&first.to_string(), first)] {
        assert_eq!(repository.resolve(revision).expect("a commit"), commit);
    }
    for revision in ["nope", "HEAD:a", "a..b", "", "HEAD~99", "\x1b[31m"] {
        let error = format!("{:#}", repository.resolve(revision).expect_err("no commit"));
        assert!(!error.contains(['\n', '\x1b']), "{error:?}");
    }
    assert_eq!(repository.parents(merge).expect("parents"), [second, side]);
    assert_eq!(repository.merge_bases(second, side).expect("bases"), [first]);
    let info = repository.describe(merge).expect("a commit");
    assert_eq!((info.author.as_str(), info.date.as_str(), info.summary.as_str()), ("Ann", "2024-02-29", "merged"));
    assert_eq!(info.short, merge.to_string()[..7]);
    for path in ["a", "b"] {
        let last = repository.last_change(merge, &path.into()).expect("a commit");
        assert_eq!(last.id.to_string(), sandbox.git(&["log", "-1", "--format=%H", "--", path]));
    }
    assert_eq!(repository.last_change(merge, &"never".into()), None);
    assert!(repository.contains_object(first));
    assert!(!repository.contains_object(CommitId::from_hex(&"1".repeat(40)).expect("an id")));
}

fn names(bases: Vec<Base>) -> Vec<String> {
    bases.into_iter().map(|base| base.name).collect()
}

#[test]
fn the_base_branch_is_found() {
    let origin = Sandbox::new();
    origin.commit(&[("a", "a")]);
    origin.git(&["branch", "main"]);
    origin.git(&["clone", "-q", ".", "clone"]);
    let clone = origin.at("clone");
    let bases = |wanted, remote, pushing| clone.open().base_candidates(wanted, remote, pushing).map(names);
    // On develop: the branch itself is a parent, what was fetched is not.
    assert_eq!(bases(None, None, None).expect("bases"), ["origin/develop"]);
    clone.git(&["checkout", "-qb", "feature"]);
    assert_eq!(bases(None, None, None).expect("bases"), ["origin/develop"]);
    clone.git(&["checkout", "-q", "develop"]);
    clone.commit(&[("b", "b")]);
    clone.git(&["checkout", "-q", "feature"]);
    let both = ["origin/develop", "develop"];
    assert_eq!(bases(None, None, None).expect("bases"), both);
    assert_eq!(bases(None, Some("origin"), Some("refs/heads/develop")).expect("bases"), ["origin/develop"]);
    assert_eq!(bases(None, Some(origin.dir.to_str().expect("UTF-8")), Some("HEAD")).expect("bases"), both);
    for wanted in ["develop", "refs/heads/develop"] {
        assert_eq!(bases(Some(wanted), None, None).expect("bases"), both);
    }
    for wanted in ["origin/main", "refs/remotes/origin/main", "main"] {
        assert_eq!(bases(Some(wanted), None, None).expect("bases"), ["origin/main"]);
    }
    assert!(bases(Some("HEAD~1"), None, None).is_err());
    assert_eq!(bases(Some("HEAD"), None, None).expect("bases"), ["HEAD"]);
    assert!(bases(Some("nope"), None, None).is_err());
    // A tag of the same name does not win.
    clone.git(&["tag", "develop", "feature"]);
    let found = clone.open().base_candidates(None, None, None).expect("bases");
    assert_eq!(found[1].full_ref, "refs/heads/develop");
    assert_eq!(found[1].commit.to_string(), clone.git(&["rev-parse", "refs/heads/develop"]));
    // Another remote: by name, by upstream.
    clone.git(&["remote", "add", "fork", "/nowhere"]);
    clone.git(&["update-ref", "refs/remotes/fork/develop", "refs/heads/develop~1"]);
    assert_eq!(bases(None, Some("fork"), None).expect("bases"), ["fork/develop", "develop"]);
    clone.git(&["config", "branch.feature.remote", "fork"]);
    assert_eq!(bases(None, None, None).expect("bases"), ["fork/develop", "develop"]);
    assert_eq!(bases(None, Some("https://elsewhere"), None).expect("bases"), ["fork/develop", "develop"]);
}

#[test]
fn only_main_is_no_base_of_itself() {
    let sandbox = Sandbox::with(&["-q", "-b", "main"]);
    sandbox.commit(&[("a", "a")]);
    let found = || names(sandbox.open().base_candidates(None, None, None).expect("bases"));
    assert_eq!(found(), [""; 0]);
    sandbox.git(&["checkout", "-qb", "feature"]);
    assert_eq!(found(), ["main"]);
    sandbox.git(&["branch", "develop"]);
    assert_eq!(found(), ["develop"]);
}

#[test]
fn the_remotes_default_branch_is_the_last_resort() {
    let origin = Sandbox::with(&["-q", "-b", "release/trunk"]);
    origin.commit(&[("a", "a")]);
    origin.git(&["clone", "-q", ".", "clone"]);
    let clone = origin.at("clone");
    let found = || names(clone.open().base_candidates(None, None, None).expect("bases"));
    assert_eq!(found(), ["origin/release/trunk"]);
    clone.commit(&[("b", "b")]);
    assert_eq!(found(), ["origin/release/trunk"], "the branch we are on is no base of itself");
    clone.git(&["checkout", "-qb", "feature"]);
    assert_eq!(found(), ["origin/release/trunk", "release/trunk"]);
    let pushing = clone.open().base_candidates(None, Some("origin"), Some("refs/heads/release/trunk"));
    assert_eq!(names(pushing.expect("bases")), ["origin/release/trunk"]);
    // Only a clone notes it, and the usual names come first.
    clone.git(&["remote", "set-head", "origin", "-d"]);
    assert_eq!(found(), [""; 0]);
    clone.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone"]);
    assert_eq!(found(), [""; 0]);
    clone.git(&["update-ref", "--no-deref", "refs/remotes/origin/HEAD", "HEAD"]);
    assert_eq!(found(), [""; 0], "a commit is no branch");
    clone.git(&["remote", "set-head", "origin", "release/trunk"]);
    clone.git(&["branch", "master"]);
    assert_eq!(found(), ["master"]);
}
