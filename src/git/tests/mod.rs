//! The git module against the real git, in throw-away repositories that nothing of the machine leaks into.

mod merging;
mod opening;
mod snapshots;
mod telling;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{Blob, CommitId, Entry, Kind, Repository, Snapshot};
use crate::source::RepoPath;

/// A repository of its own; dropped with everything in it.
pub struct Sandbox {
    _keep: Option<TempDir>,
    pub dir: PathBuf,
    pub env: BTreeMap<OsString, OsString>,
}

impl Sandbox {
    pub fn new() -> Self {
        Self::with(&["-q", "-b", "develop"])
    }

    /// A fresh `git init`, with these arguments.
    pub fn with(init: &[&str]) -> Self {
        let res = Self::empty();
        res.git(&[&["init"], init].concat());
        res
    }

    /// A folder without a repository.
    pub fn empty() -> Self {
        let keep = tempfile::tempdir().expect("a folder");
        let dir = keep.path().canonicalize().expect("a folder");
        Self { _keep: Some(keep), dir, env: BTreeMap::new() }
    }

    /// Another folder, looked at with the same environment.
    pub fn at(&self, dir: impl AsRef<Path>) -> Self {
        Self { _keep: None, dir: self.dir.join(dir), env: self.env.clone() }
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.env.insert(name.into(), value.as_ref().into());
        self
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut res = Command::new("git");
        res.args(args).current_dir(&self.dir).env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        res.env("HOME", "/nonexistent").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            res.env(format!("GIT_{role}_NAME"), "Ann").env(format!("GIT_{role}_EMAIL"), "ann@example.org");
            res.env(format!("GIT_{role}_DATE"), "2024-02-29T23:30:00 -0200");
        }
        res.envs(&self.env);
        res
    }

    /// Runs git; whether it succeeded, and its output.
    pub fn attempt(&self, args: &[&str], stdin: &[u8]) -> (bool, Vec<u8>) {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("git runs");
        child.stdin.take().expect("a pipe").write_all(stdin).expect("git reads");
        let output = child.wait_with_output().expect("git ends");
        (
            output.status.success(),
            if output.status.success() { output.stdout } else { [output.stdout, output.stderr].concat() },
        )
    }

    /// Runs git, which must succeed; its output without the last line feed.
    pub fn git(&self, args: &[&str]) -> String {
        let (ok, output) = self.attempt(args, b"");
        let output = String::from_utf8_lossy(&output).trim_end_matches('\n').to_string();
        assert!(ok, "git {args:?}: {output}");
        output
    }

    pub fn write(&self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
        self
    }

    /// Writes, stages and commits everything; the new commit.
    pub fn commit(&self, files: &[(&str, &str)]) -> CommitId {
        for (path, bytes) in files {
            self.write(path, bytes);
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-qm", "work", "--allow-empty"]);
        self.head()
    }

    pub fn head(&self) -> CommitId {
        CommitId::from_hex(&self.git(&["rev-parse", "HEAD"])).expect("an id")
    }

    pub fn open(&self) -> Repository {
        Repository::open(&self.dir, &self.env).expect("a repository")
    }

    /// Why it cannot be opened, or its index not be read.
    pub fn refusal(&self) -> String {
        let error = Repository::open(&self.dir, &self.env).and_then(|repository| repository.index().map(drop));
        format!("{:#}", error.expect_err("a refusal"))
    }
}

/// Every path of a snapshot, with its kind and bytes, as lines.
pub fn contents(snapshot: &dyn Snapshot) -> Vec<String> {
    let entries = snapshot.list(&RepoPath::root()).expect("a listing");
    for entry in &entries {
        assert_eq!(snapshot.find(&entry.path).expect("an answer").as_ref(), Some(entry));
    }
    let blobs = snapshot.read(&entries.iter().collect::<Vec<_>>()).expect("bytes");
    assert_eq!(entries.len(), blobs.len());
    entries.iter().zip(blobs).map(|(entry, blob)| line(entry, &blob)).collect()
}

fn line(Entry { path, kind, .. }: &Entry, blob: &Blob) -> String {
    let kind = match kind {
        Kind::File => "",
        Kind::Link => "link ",
        Kind::Conflict => "conflict ",
    };
    match blob {
        Blob::Bytes(bytes) => format!("{kind}{path}: {}", String::from_utf8_lossy(bytes).escape_debug()),
        Blob::Absent => format!("{kind}{path} is absent"),
        Blob::TooLarge(size) => format!("{kind}{path} has {size} bytes"),
    }
}

/// `<mode> <id> <stage or type>TAB<path>` as `ls-files -s -z` and `ls-tree -r -z` print it: (path, id), without submodules.
pub fn as_git_lists(output: &[u8]) -> Vec<(RepoPath, String)> {
    let lines = output.split(|&b| b == 0).filter(|line| !line.is_empty() && !line.starts_with(b"160000"));
    let parse = |line: &[u8]| {
        let tab = line.iter().position(|&b| b == b'\t').expect("a tab");
        let head = String::from_utf8_lossy(&line[..tab]).into_owned();
        let id = head.split(' ').find(|word| word.len() >= 40).expect("an id").to_string();
        (RepoPath::new(&line[tab + 1..]), id)
    };
    lines.map(parse).collect()
}

pub fn as_we_list(snapshot: &dyn Snapshot) -> Vec<(RepoPath, String)> {
    let entries = snapshot.list(&RepoPath::root()).expect("a listing");
    entries.into_iter().map(|entry| (entry.path, entry.blob.0.to_string())).collect()
}

/// Names that quote, reorder or break lines.
pub fn odd_names() -> Vec<PathBuf> {
    let names: [&[u8]; 8] =
        [b"a", b"a.b/x", b"a-b", b"d/\xff\xfe.py", b"d/new\nline", b"d/\"quoted\"", b"d.e", b"d/e/f"];
    names.iter().map(|name| PathBuf::from(OsStr::from_bytes(name))).collect()
}
