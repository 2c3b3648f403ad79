//! Index, tree and work tree, as git lists them.

use super::*;

fn index_agrees(sandbox: &Sandbox) {
    let (_, listed) = sandbox.attempt(&["ls-files", "-s", "-z"], b"");
    let index = sandbox.open().index().expect("an index");
    assert_eq!(as_we_list(&index), as_git_lists(&listed));
}

#[test]
fn every_version_of_the_index_is_read() {
    for format in ["sha1", "sha256"] {
        let sandbox = Sandbox::with(&["-q", "-b", "develop", &format!("--object-format={format}")]);
        for name in odd_names() {
            sandbox.write(&name, name.as_os_str().as_bytes());
        }
        let deep = format!("{}/f", ["folder-with-a-long-name"; 60].join("/"));
        sandbox.write("long/".to_owned() + &deep, "x");
        std::os::unix::fs::symlink("../outside", sandbox.dir.join("link")).expect("a link");
        sandbox.git(&["add", "-A"]);
        for version in ["2", "3", "4"] {
            sandbox.git(&["update-index", "--index-version", version]);
            index_agrees(&sandbox);
            let commit = sandbox.commit(&[(version, version)]);
            index_agrees(&sandbox);
            let repository = sandbox.open();
            let index = repository.index().expect("an index");
            let tree = repository.snapshot(commit).expect("a tree");
            let work_tree = repository.work_tree().expect("files");
            assert_eq!(contents(&index), contents(&tree));
            assert_eq!(contents(&index), contents(&work_tree));
            for dir in ["d", "a", "a.b", "long", "nope", "d/e", "li", "link"].map(RepoPath::from) {
                let listed = tree.list(&dir).expect("a listing");
                assert_eq!(index.list(&dir).expect("a listing"), listed, "{dir}");
                assert_eq!(work_tree.list(&dir).expect("a listing"), listed, "{dir}");
                let whole = tree.list(&RepoPath::root()).expect("a listing");
                let below: Vec<_> = whole.into_iter().filter(|e| e.path == dir || e.path.is_below(&dir)).collect();
                assert_eq!(listed, below);
            }
        }
    }
}

#[test]
fn what_is_only_intended_is_not_staged() {
    let sandbox = Sandbox::new();
    sandbox.commit(&[("v/a.py", "a")]);
    sandbox.write("v/b.py", "b").git(&["add", "-N", "v/b.py"]);
    for version in ["3", "4"] {
        sandbox.git(&["update-index", "--index-version", version]);
        let repository = sandbox.open();
        assert_eq!(contents(&repository.index().expect("an index")), ["v/a.py: a"]);
        assert_eq!(contents(&repository.work_tree().expect("files")), ["v/a.py: a", "v/b.py: b"]);
        let staged = repository.staged(&repository.index().expect("an index"), repository.head().expect("HEAD"));
        assert_eq!(staged.expect("changes"), []);
    }
}

#[test]
fn a_conflict_has_our_side_or_the_one_left() {
    let sandbox = Sandbox::new();
    sandbox.commit(&[("both", "base"), ("ours", "base"), ("theirs", "base")]);
    sandbox.git(&["checkout", "-qb", "feature"]);
    sandbox.git(&["rm", "-q", "ours"]);
    sandbox.commit(&[("both", "feature"), ("theirs", "feature")]);
    sandbox.git(&["checkout", "-q", "develop"]);
    sandbox.git(&["rm", "-q", "theirs"]);
    sandbox.commit(&[("both", "develop"), ("ours", "develop")]);
    assert!(!sandbox.attempt(&["merge", "-q", "feature"], b"").0);
    let repository = sandbox.open();
    let index = repository.index().expect("an index");
    assert_eq!(contents(&index), ["conflict both: develop", "conflict ours: develop", "conflict theirs: feature"]);
    assert_eq!(repository.merge_heads().expect("heads"), [repository.resolve("feature").expect("a commit")]);
    let kinds = repository.work_tree().expect("files").list(&RepoPath::root()).expect("a listing");
    assert!(kinds.iter().all(|entry| entry.kind == Kind::Conflict));
}

#[test]
fn submodules_and_nested_repositories_are_not_ours() {
    let sandbox = Sandbox::new();
    let inner = sandbox.at("inner");
    fs::create_dir(&inner.dir).expect("a folder");
    inner.git(&["init", "-q"]);
    inner.commit(&[("x", "x")]);
    sandbox.git(&["-c", "advice.addEmbeddedRepo=false", "add", "inner"]);
    sandbox.commit(&[("z", "z")]);
    sandbox.write("nested/y", "y");
    sandbox.at("nested").git(&["init", "-q"]);
    let repository = sandbox.open();
    index_agrees(&sandbox);
    let tree = repository.snapshot(sandbox.head()).expect("a tree");
    let work_tree = repository.work_tree().expect("files");
    for snapshot in [&repository.index().expect("an index") as &dyn Snapshot, &tree, &work_tree] {
        assert_eq!(contents(snapshot), ["z: z"]);
        for path in ["inner", "inner/x", "nested", "nested/y", ""].map(RepoPath::from) {
            assert_eq!(snapshot.find(&path).expect("an answer"), None);
            assert!(path.is_root() || snapshot.list(&path).expect("a listing").is_empty());
        }
    }
}

#[test]
fn the_work_tree_is_what_is_on_disk() {
    let sandbox = Sandbox::new();
    sandbox.write(".gitignore", "*.pyc\nbuild/\n");
    sandbox.commit(&[("gone", "x"), ("same", "same"), ("v/a.py", "a"), ("through/x", "x")]);
    fs::remove_file(sandbox.dir.join("gone")).expect("a file");
    fs::remove_dir_all(sandbox.dir.join("through")).expect("a folder");
    sandbox.write("elsewhere/x", "x").write("v/b.py", "b").write("v/b.pyc", "no").write("build/c.py", "no");
    std::os::unix::fs::symlink("elsewhere", sandbox.dir.join("through")).expect("a link");
    // Same size, within the same tick of the clock as the index.
    sandbox.write("same", "SAME");
    sandbox.write("large", vec![b'x'; super::super::MAX_FILE_SIZE as usize + 1]);
    let repository = sandbox.open();
    let work_tree = repository.work_tree().expect("files");
    let expected = [
        ".gitignore: *.pyc\\nbuild/\\n",
        "elsewhere/x: x",
        "large has 4194305 bytes",
        "same: SAME",
        "link through: elsewhere",
        "v/a.py: a",
        "v/b.py: b",
    ];
    assert_eq!(contents(&work_tree), expected);
    let same = work_tree.find(&"same".into()).expect("an answer").expect("a file");
    assert_eq!(same.blob.0.to_string(), sandbox.git(&["hash-object", "same"]));
    for path in [".git", ".git/HEAD", "build", "build/c.py", "v/b.pyc", "through/x"].map(RepoPath::from) {
        assert_eq!(work_tree.find(&path).expect("an answer"), None);
        assert_eq!(work_tree.list(&path).expect("a listing"), []);
    }
}

#[test]
fn a_file_that_a_sparse_checkout_leaves_out_is_as_the_index_has_it() {
    let sandbox = Sandbox::new();
    sandbox.commit(&[("in/a", "a"), ("out/b", "b")]);
    sandbox.git(&["sparse-checkout", "set", "in", "--no-sparse-index"]);
    assert!(!sandbox.dir.join("out").exists());
    let repository = sandbox.open();
    assert_eq!(contents(&repository.work_tree().expect("files")), ["in/a: a", "out/b: b"]);
    assert_eq!(contents(&repository.index().expect("an index")), ["in/a: a", "out/b: b"]);
}

#[test]
fn many_blobs_are_read_in_the_order_asked() {
    let sandbox = Sandbox::new();
    for i in 0..1000 {
        sandbox.write(format!("v/{i:04}"), format!("{i}"));
    }
    let commit = sandbox.commit(&[]);
    let lines = contents(&sandbox.open().snapshot(commit).expect("a tree"));
    assert!(lines.iter().enumerate().all(|(i, line)| *line == format!("v/{i:04}: {i}")));
}

#[test]
fn a_large_blob_is_not_given_out() {
    let sandbox = Sandbox::new();
    sandbox.write("large", vec![b'x'; super::super::MAX_FILE_SIZE as usize + 1]);
    let commit = sandbox.commit(&[("small", "x")]);
    let expected = ["large has 4194305 bytes", "small: x"];
    assert_eq!(contents(&sandbox.open().snapshot(commit).expect("a tree")), expected);
}

#[test]
fn an_index_that_is_damaged_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.commit(&[("a/b", "x"), ("a/c", "y"), ("d", "z")]);
    let path = sandbox.dir.join(".git/index");
    for version in ["2", "4"] {
        sandbox.git(&["update-index", "--force-write-index", "--index-version", version]);
        let whole = fs::read(&path).expect("an index");
        for len in 1..whole.len() {
            fs::write(&path, &whole[..len]).expect("a file");
            // Cut between two extensions it may still be read; it never panics, and never loses an entry in silence.
            if let Ok(index) = sandbox.open().index() {
                assert_eq!(contents(&index), ["a/b: x", "a/c: y", "d: z"], "{len}");
            }
        }
        fs::write(&path, &whole[..100]).expect("a file");
        assert!(sandbox.refusal().contains("it is damaged; `git status` says more"), "{}", sandbox.refusal());
        for at in 0..whole.len() {
            let mut bent = whole.clone();
            bent[at] ^= 0xff;
            fs::write(&path, &bent).expect("a file");
            if let Ok(index) = sandbox.open().index() {
                drop(index.list(&RepoPath::root()));
                drop(sandbox.open().staged(&index, None));
            }
        }
        fs::write(&path, &whole).expect("a file");
    }
    fs::remove_file(&path).expect("a file");
    assert_eq!(contents(&sandbox.open().index().expect("an index")), [""; 0]);
}
