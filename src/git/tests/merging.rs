//! The merge nobody has made yet, against `git merge-tree` without rename detection.

use std::rc::Rc;

use super::*;
use crate::git::{MemorySnapshot, Merged};

fn memory(files: &[(&str, &str)]) -> Rc<dyn Snapshot> {
    Rc::new(MemorySnapshot::new(files.iter().copied()))
}

#[test]
fn the_side_that_changed_wins() {
    let base =
        [("both", "1\n2\n3\n4\n5\n"), ("clash", "x"), ("gone", "x"), ("ours", "x"), ("same", "x"), ("theirs", "x")];
    let ours = [
        ("both", "0\n1\n2\n3\n4\n5\n"),
        ("clash", "o"),
        ("gone", "o"),
        ("new", "o"),
        ("ours", "o"),
        ("same", "z"),
        ("theirs", "x"),
    ];
    let theirs =
        [("both", "1\n2\n3\n4\n5\n6\n"), ("clash", "t"), ("new", "t"), ("ours", "x"), ("same", "z"), ("theirs", "t")];
    let merged = Merged::new(memory(&ours), memory(&theirs), vec![memory(&base)]);
    let expected = [
        "both: 0\\n1\\n2\\n3\\n4\\n5\\n6\\n",
        "conflict clash: o",
        "conflict gone: o",
        "conflict new: o",
        "ours: o",
        "same: z",
        "theirs: t",
    ];
    assert_eq!(contents(&merged), expected);
    let other_way = Merged::new(memory(&theirs), memory(&ours), vec![memory(&base)]);
    assert_eq!(contents(&other_way)[2], "conflict gone: o");
}

#[test]
fn what_several_bases_disagree_on_equals_nothing() {
    let bases = || vec![memory(&[("f", "1"), ("g", "x")]), memory(&[("f", "2"), ("g", "x")])];
    let merged = Merged::new(memory(&[("f", "1"), ("g", "y")]), memory(&[("f", "2"), ("g", "x")]), bases());
    assert_eq!(contents(&merged), ["conflict f: 1", "g: y"]);
    let agreed = Merged::new(memory(&[("f", "3")]), memory(&[("f", "3")]), bases());
    assert_eq!(contents(&agreed), ["f: 3"]);
}

#[test]
fn what_is_absent_or_a_link_or_binary_is_not_merged() {
    let snapshot =
        |bytes: &str| MemorySnapshot::new([("absent", bytes), ("binary", &format!("{bytes}\0"))]).link("link", bytes);
    let merged = Merged::new(
        Rc::new(snapshot("ours")),
        Rc::new(snapshot("theirs").absent("absent")),
        vec![Rc::new(snapshot("base"))],
    );
    assert_eq!(contents(&merged), ["absent is absent", "conflict binary: ours\\0", "conflict link: ours"]);
    let unmerged = MemorySnapshot::new([("x", "x")]).conflict("f", "ours");
    let merged = Merged::new(Rc::new(unmerged), memory(&[("f", "theirs")]), vec![memory(&[("f", "ours")])]);
    assert_eq!(contents(&merged), ["conflict f: ours", "x: x"]);
}

/// A small random generator: the same histories on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % sides
    }
}

/// A random history with criss-cross merges, written by one `git fast-import`. The ids of its commits.
fn history(sandbox: &Sandbox, dice: &mut Dice) -> Vec<CommitId> {
    type Files = BTreeMap<String, [u8; 6]>;
    let mut trees: Vec<Files> = vec![(0..4).map(|i| (format!("v/{i}"), [b'0'; 6])).collect()];
    let mut stream = String::new();
    let mut parents: Vec<Vec<usize>> = vec![vec![]];
    let n_commits = 8 + dice.roll(12);
    for i in 1..n_commits {
        let one = i - 1 - dice.roll(i.min(4));
        let mut files = trees[one].clone();
        let mut of = vec![one];
        if i > 2 && dice.roll(2) == 0 {
            let other = i - 1 - dice.roll(i.min(4));
            if other != one {
                of.push(other);
                for (path, content) in trees[other].clone() {
                    if dice.roll(2) == 0 {
                        files.insert(path, content);
                    }
                }
            }
        }
        for _ in 0..1 + dice.roll(3) {
            let path = format!("v/{}", dice.roll(6));
            match dice.roll(5) {
                0 => drop(files.remove(&path)),
                _ => files.entry(path).or_insert([b'0'; 6])[dice.roll(6)] = b'0' + dice.roll(3) as u8,
            }
        }
        trees.push(files);
        parents.push(of);
    }
    for (i, (files, of)) in trees.iter().zip(&parents).enumerate() {
        stream += &format!("commit refs/heads/c{i}\nmark :{}\ncommitter a <a@b> {i} +0000\ndata 0\n", i + 1);
        for (n, parent) in of.iter().enumerate() {
            stream += &format!("{} :{}\n", if n == 0 { "from" } else { "merge" }, parent + 1);
        }
        stream += "deleteall\n";
        for (path, lines) in files {
            // No two paths share a line: git before 2.50 looks for renames even when told not to.
            let line = |(i, b): (usize, &u8)| format!("{path} {i} {}\n{path} {i} a\n{path} {i} b\n", *b as char);
            let text: String = lines.iter().enumerate().map(line).collect();
            stream += &format!("M 644 inline {path}\ndata {}\n{text}\n", text.len());
        }
    }
    let marks = sandbox.dir.join("marks");
    let export = format!("--export-marks={}", marks.display());
    let (ok, output) = sandbox.attempt(&["fast-import", "--quiet", "--force", &export], stream.as_bytes());
    assert!(ok, "{}", String::from_utf8_lossy(&output));
    let mut ids: Vec<(usize, CommitId)> = fs::read_to_string(marks)
        .expect("marks")
        .lines()
        .map(|line| line[1..].split_once(' ').expect("two words"))
        .map(|(mark, id)| (mark.parse().expect("a number"), CommitId::from_hex(id).expect("an id")))
        .collect();
    ids.sort();
    ids.into_iter().map(|(_, id)| id).collect()
}

/// What `git merge-tree -z --name-only` says: the tree, and the paths in conflict.
fn as_git_merges(output: &[u8]) -> (String, Vec<RepoPath>) {
    let mut parts = output.split(|&b| b == 0);
    let tree = String::from_utf8_lossy(parts.next().expect("a tree")).into_owned();
    let mut conflicts: Vec<RepoPath> = parts.take_while(|part| !part.is_empty()).map(RepoPath::new).collect();
    conflicts.sort();
    (tree, conflicts)
}

#[test]
fn random_histories_merge_as_git_merges_them() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut n_folded, mut n_conflicts) = (0, 0);
    for _ in 0..25 {
        let sandbox = Sandbox::with(&["-q", "--bare"]);
        let commits = history(&sandbox, &mut dice);
        let repository = sandbox.open();
        for _ in 0..3 {
            let ours = commits[commits.len() - 1 - dice.roll(3)];
            let theirs = commits[commits.len() - 1 - dice.roll(5)];
            let mut bases: Vec<String> =
                repository.merge_bases(ours, theirs).expect("bases").iter().map(CommitId::to_string).collect();
            bases.sort();
            let (_, listed) = sandbox.attempt(&["merge-base", "--all", &ours.to_string(), &theirs.to_string()], b"");
            let listed = String::from_utf8_lossy(&listed).into_owned();
            let mut expected: Vec<&str> = listed.lines().collect();
            expected.sort();
            assert_eq!(bases, expected);
            n_folded += usize::from(bases.len() > 1);

            let args = ["merge-tree", "-X", "no-renames", "-z", "--name-only", "--no-messages"];
            let (_, output) = sandbox.attempt(&[&args[..], &[&ours.to_string(), &theirs.to_string()]].concat(), b"");
            let (tree, conflicts) = as_git_merges(&output);
            let (_, listed) = sandbox.attempt(&["ls-tree", "-r", "-z", &tree], b"");
            let git: BTreeMap<RepoPath, String> =
                as_git_lists(&listed).into_iter().filter(|(path, _)| !conflicts.contains(path)).collect();

            let merged = repository.merged(Rc::new(repository.snapshot(ours).expect("a tree")), &[ours], theirs);
            let merged = merged.expect("a merge").list(&RepoPath::root()).expect("a listing");
            let (mine, clean): (Vec<_>, Vec<_>) = merged.into_iter().partition(|entry| entry.kind == Kind::Conflict);
            let mine: Vec<RepoPath> = mine.into_iter().map(|entry| entry.path).collect();
            for path in &conflicts {
                assert!(mine.contains(path), "{path} is a conflict of {ours} and {theirs}");
            }
            // Where virtual bases disagree, git merges over the text with its conflict markers; we call it a conflict.
            assert!(bases.len() > 1 || mine == conflicts, "{mine:?} {conflicts:?}");
            n_conflicts += conflicts.len();
            let clean: BTreeMap<RepoPath, String> =
                clean.into_iter().map(|entry| (entry.path, entry.blob.0.to_string())).collect();
            let git = git.into_iter().filter(|(path, _)| !mine.contains(path)).collect::<BTreeMap<_, _>>();
            assert_eq!(clean, git, "{ours} and {theirs}");
        }
    }
    assert!(n_folded > 0 && n_conflicts > 0, "{n_folded} {n_conflicts}");
}

#[test]
fn a_merge_being_concluded_counts_both_its_parents() {
    let sandbox = Sandbox::new();
    sandbox.commit(&[("f", "base")]);
    sandbox.git(&["branch", "feature"]);
    let develop = sandbox.commit(&[("f", "develop")]);
    sandbox.git(&["checkout", "-q", "feature"]);
    sandbox.commit(&[("g", "feature")]);
    sandbox.git(&["merge", "-q", "--no-commit", "develop"]);
    sandbox.write("f", "resolved").git(&["add", "f"]);
    let repository = sandbox.open();
    let index: Rc<dyn Snapshot> = Rc::new(repository.index().expect("an index"));
    let head = repository.head().expect("HEAD").expect("a commit");
    let parents = [vec![head], repository.merge_heads().expect("heads")].concat();
    assert_eq!(parents, [head, develop]);
    let merged = repository.merged(Rc::clone(&index), &parents, develop).expect("a merge");
    assert_eq!(contents(&merged), ["f: resolved", "g: feature"]);
    let against_head_alone = repository.merged(index, &[head], develop).expect("a merge");
    assert_eq!(contents(&against_head_alone), ["conflict f: resolved", "g: feature"]);
}

#[test]
fn unrelated_histories_merge_over_nothing_and_a_shallow_clone_says_so() {
    let sandbox = Sandbox::new();
    let develop = sandbox.commit(&[("a", "a")]);
    sandbox.git(&["checkout", "-q", "--orphan", "other"]);
    let other = sandbox.commit(&[("b", "b")]);
    let repository = sandbox.open();
    assert_eq!(repository.merge_bases(develop, other).expect("bases"), []);
    let ours: Rc<dyn Snapshot> = Rc::new(repository.snapshot(other).expect("a tree"));
    assert_eq!(contents(&repository.merged(ours, &[other], develop).expect("a merge")), ["a: a", "b: b"]);

    let origin = Sandbox::new();
    origin.commit(&[("a", "a")]);
    origin.git(&["branch", "feature"]);
    let develop = origin.commit(&[("b", "b")]);
    origin.git(&["checkout", "-q", "feature"]);
    let feature = origin.commit(&[("c", "c")]);
    let url = format!("file://{}", origin.dir.display());
    origin.git(&["clone", "-q", "--depth=1", "--no-single-branch", &url, "shallow"]);
    let repository = origin.at("shallow").open();
    assert!(repository.is_shallow());
    let ours: Rc<dyn Snapshot> = Rc::new(repository.snapshot(feature).expect("a tree"));
    let error = repository.merged(Rc::clone(&ours), &[feature], develop).err().expect("an error").to_string();
    assert!(error.contains("shallow") && error.contains("`git fetch --unshallow`"), "{error}");
    origin.at("shallow").git(&["fetch", "-q", "--unshallow"]);
    let repository = origin.at("shallow").open();
    assert_eq!(contents(&repository.merged(ours, &[feature], develop).expect("a merge")), ["a: a", "b: b", "c: c"]);
}
