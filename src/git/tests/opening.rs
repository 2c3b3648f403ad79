//! The repository that git would use, and what is refused.

use super::*;

/// Our index agrees with git's, and with the work tree's top and git directory git names.
fn agrees(sandbox: &Sandbox) {
    let (_, listed) = sandbox.attempt(&["ls-files", "-s", "-z", "--full-name", ":/"], b"");
    let repository = sandbox.open();
    assert_eq!(as_we_list(&repository.index().expect("an index")), as_git_lists(&listed));
    let top = PathBuf::from(sandbox.git(&["rev-parse", "--show-toplevel"]));
    assert_eq!(repository.work_dir().and_then(|dir| dir.canonicalize().ok()), top.canonicalize().ok());
    let git_dir = PathBuf::from(sandbox.git(&["rev-parse", "--absolute-git-dir"]));
    assert_eq!(repository.git_dir().canonicalize().ok(), git_dir.canonicalize().ok());
    assert_eq!(repository.head().expect("HEAD").map(|id| id.to_string()), Some(sandbox.git(&["rev-parse", "HEAD"])));
}

#[test]
fn from_a_subfolder_a_linked_work_tree_and_a_submodule() {
    let sandbox = Sandbox::new();
    sandbox.commit(&[("a", "a"), ("sub/folder/b", "b")]);
    agrees(&sandbox);
    agrees(&sandbox.at("sub/folder"));
    sandbox.git(&["worktree", "add", "-q", "linked", "-b", "other"]);
    sandbox.at("linked").commit(&[("c", "c")]);
    agrees(&sandbox.at("linked"));
    agrees(&sandbox.at("linked/sub"));
    assert_eq!(sandbox.at("linked").open().head_branch().as_deref(), Some("other"));
    sandbox.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./", "module"]);
    sandbox.at("module").commit(&[("d", "d")]);
    agrees(&sandbox.at("module/sub"));
}

#[test]
fn a_relative_index_file_lies_at_the_top() {
    let sandbox = Sandbox::new();
    sandbox.commit(&[("a", "a"), ("sub/b", "b")]);
    fs::copy(sandbox.dir.join(".git/index"), sandbox.dir.join("other-index")).expect("a copy");
    sandbox.write("c", "c").at(".").env("GIT_INDEX_FILE", "other-index").git(&["add", "c"]);
    for index in [Path::new("other-index"), &sandbox.dir.join("other-index")] {
        let sub = sandbox.at("sub").env("GIT_INDEX_FILE", index);
        agrees(&sub);
        assert_eq!(contents(&sub.open().index().expect("an index")), ["a: a", "c: c", "sub/b: b"]);
    }
    let missing = sandbox.at("sub").env("GIT_INDEX_FILE", "no-such-file");
    assert_eq!(contents(&missing.open().index().expect("an index")), [""; 0]);
}

#[test]
fn by_git_dir_and_git_work_tree() {
    let sandbox = Sandbox::new();
    sandbox.commit(&[("a", "a"), ("sub/b", "b")]);
    sandbox.git(&["worktree", "add", "-q", "linked", "-b", "other"]);
    sandbox.write("away/x", "x");
    agrees(&sandbox.at(".").env("GIT_DIR", ".git"));
    agrees(&sandbox.at("linked").env("GIT_DIR", sandbox.dir.join(".git/worktrees/linked")));
    agrees(&sandbox.at("away").env("GIT_DIR", "../.git").env("GIT_WORK_TREE", ".."));
    agrees(&sandbox.at("away").env("GIT_DIR", "../.git").env("GIT_WORK_TREE", "."));
    let away = sandbox.at("away").env("GIT_DIR", sandbox.dir.join(".git")).open();
    assert_eq!(contents(&away.work_tree().expect("files")), ["x: x"]);
    let separate = Sandbox::empty();
    separate.git(&["init", "-q", "--separate-git-dir=elsewhere.git", "top"]);
    separate.at("top").commit(&[("s/a", "a")]);
    agrees(&separate.at("top/s"));
}

#[test]
fn a_bare_repository_and_a_git_directory_itself() {
    let sandbox = Sandbox::new();
    let commit = sandbox.commit(&[("a", "a")]);
    sandbox.git(&["clone", "-q", "--bare", ".", "x.git"]);
    for bare in [sandbox.at("x.git"), sandbox.at("x.git/refs"), sandbox.at("x.git").env("GIT_DIR", ".")] {
        let repository = bare.open();
        assert!(repository.is_bare() && repository.work_tree().is_err());
        assert_eq!(contents(&repository.snapshot(commit).expect("a tree")), ["a: a"]);
        assert_eq!(contents(&repository.index().expect("an index")), [""; 0]);
        assert_eq!(repository.head().expect("HEAD"), Some(commit));
    }
    let inside = sandbox.at(".git").open();
    assert_eq!(contents(&inside.index().expect("an index")), ["a: a"]);
}

#[test]
fn an_unborn_and_a_detached_head() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "a").git(&["add", "a"]);
    let repository = sandbox.open();
    assert_eq!((repository.head().expect("HEAD"), repository.head_branch()), (None, Some("develop".to_string())));
    let staged = repository.staged(&repository.index().expect("an index"), None).expect("changes");
    assert_eq!(staged.len(), 1);
    assert_eq!(repository.base_candidates(None, None, None).expect("an answer"), []);
    let commit = sandbox.commit(&[]);
    sandbox.git(&["checkout", "-q", "--detach"]);
    let repository = sandbox.open();
    assert_eq!((repository.head().expect("HEAD"), repository.head_branch()), (Some(commit), None));
    assert_eq!(repository.base_candidates(None, None, None).expect("an answer").len(), 1);
}

#[test]
fn objects_in_quarantine_are_found() {
    let sandbox = Sandbox::new();
    sandbox.commit(&[("a", "a")]);
    let real = sandbox.dir.join(".git/objects");
    let quarantine = sandbox.dir.join("quarantine");
    fs::create_dir(&quarantine).expect("a folder");
    let pushed = sandbox.at(".").env("GIT_OBJECT_DIRECTORY", &quarantine).env("GIT_ALTERNATE_OBJECT_DIRECTORIES", real);
    let commit = pushed.commit(&[("b", "b")]);
    assert_eq!(contents(&pushed.open().snapshot(commit).expect("a tree")), ["a: a", "b: b"]);
    let error = sandbox.open().snapshot(commit).err().expect("an error").to_string();
    assert!(error.contains("is not in this clone"), "{error}");
}

#[test]
fn what_cannot_be_read_is_refused_with_the_way_around() {
    let nothing = Sandbox::empty();
    assert!(nothing.refusal().contains("is not in a git repository"));
    nothing.git(&["init", "-q"]);
    nothing.write("sub/x", "x");
    let ceiling = nothing.at("sub").env("GIT_CEILING_DIRECTORIES", &nothing.dir);
    assert!(ceiling.refusal().contains("is not in a git repository"));
    assert!(nothing.at(".").env("GIT_DIR", "nope").refusal().contains("is not in a git repository"));

    let split = Sandbox::new();
    split.commit(&[("a", "a"), ("b/c", "c")]);
    split.git(&["update-index", "--split-index"]);
    assert!(split.refusal().contains("`git update-index --no-split-index`"), "{}", split.refusal());
    split.git(&["update-index", "--no-split-index"]);
    assert_eq!(contents(&split.open().index().expect("an index")), ["a: a", "b/c: c"]);

    split.git(&["sparse-checkout", "init", "--cone", "--sparse-index"]);
    assert!(split.refusal().contains("--no-sparse-index`"), "{}", split.refusal());
    split.git(&["sparse-checkout", "reapply", "--no-sparse-index"]);
    assert_eq!(contents(&split.open().index().expect("an index")), ["a: a", "b/c: c"]);

    let unknown = Sandbox::new();
    unknown.git(&["config", "core.repositoryFormatVersion", "1"]);
    for (extension, said) in [
        ("refStorage", "`git refs migrate --ref-format=files`"),
        ("partialClone", "`git config --unset extensions.partialClone`"),
        ("future", "`extensions.future`, which onehead does not know"),
    ] {
        unknown.git(&["config", &format!("extensions.{extension}"), "reftable"]);
        assert!(unknown.refusal().contains(said), "{}", unknown.refusal());
        unknown.write(".git/config", "[core]\n\trepositoryformatversion = 1\n");
    }
    unknown.write(".git/config", "[core\n");
    assert!(unknown.refusal().contains("cannot be read"), "{}", unknown.refusal());
}

#[test]
fn a_partial_clone_says_what_it_lacks() {
    let origin = Sandbox::new();
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    let commit = origin.commit(&[("v/a", "a"), ("v/b", "b")]);
    let url = format!("file://{}", origin.dir.display());
    origin.git(&["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "blobless"]);
    let tree = origin.at("blobless").open().snapshot(commit).expect("a tree");
    assert_eq!(contents(&tree), ["v/a is absent", "v/b is absent"]);
    origin.git(&["clone", "-q", "--no-checkout", "--filter=tree:0", &url, "treeless"]);
    let tree = origin.at("treeless").open().snapshot(commit).expect("a commit");
    let error = tree.list(&RepoPath::root()).expect_err("no tree").to_string();
    assert!(error.contains("is not in this clone; `git ls-tree -r"), "{error}");
}
