//! A throw-away repository that nothing of the machine leaks into, and onehead run in it: in this process, with an
//! environment, folder and streams of its own, or as the real program that real git runs.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::rc::Rc;

use onehead::{ExitStatus, Io};
use serde_json::Value;
use tempfile::TempDir;

/// What the world is entered with: `alembic.ini`, `migrations/env.py` and the revision `a1c0` on `develop`.
pub const BASE: &str = "migrations/versions/a1c0_users.py";

/// A repository `repo` in a folder that is also HOME.
pub struct World {
    root: TempDir,
    pub env: BTreeMap<OsString, OsString>,
    /// The folder commands run in, below the root.
    dir: RefCell<PathBuf>,
}

/// How a run ended and what it said.
#[derive(Debug)]
pub struct Outcome {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl World {
    /// A repository with one Alembic environment and one revision, committed on `develop`.
    pub fn new() -> World {
        let world = World::empty();
        world.write("alembic.ini", "[alembic]\nscript_location = migrations\n");
        world.write("migrations/env.py", "");
        world.script("a1c0", "None", "users");
        world.commit("users");
        world
    }

    /// A repository on the unborn branch `develop`, written by hand: asking git takes longer than most tests.
    pub fn empty() -> World {
        let world = World::nothing();
        for folder in ["hooks", "info", "objects", "refs/heads"] {
            fs::create_dir_all(world.path(".git").join(folder)).unwrap();
        }
        world.write(".git/HEAD", "ref: refs/heads/develop\n");
        world.write(".git/config", "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n");
        world
    }

    /// As `empty`; `options` go to `git init`.
    pub fn init(options: &[&str]) -> World {
        let world = World::nothing();
        world.run_git(&[&["init", "--quiet", "--initial-branch=develop"], options].concat());
        world
    }

    fn nothing() -> World {
        let root = tempfile::tempdir().unwrap();
        let env = hermetic(root.path());
        let world = World { dir: RefCell::new(root.path().join("repo")), root, env };
        fs::create_dir(world.repo()).unwrap();
        world
    }

    pub fn root(&self) -> &Path {
        self.root.path()
    }

    pub fn repo(&self) -> PathBuf {
        self.root.path().join("repo")
    }

    /// The folder commands run in from now on, relative to the root.
    pub fn enter(&self, dir: &str) {
        *self.dir.borrow_mut() = self.root.path().join(dir);
    }

    pub fn dir(&self) -> PathBuf {
        self.dir.borrow().clone()
    }

    /// A path in the folder commands run in.
    pub fn path(&self, path: impl AsRef<[u8]>) -> PathBuf {
        self.dir().join(OsStr::from_bytes(path.as_ref()))
    }

    pub fn write(&self, path: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Writes a revision as Alembic's default template does, and tells its path. `down` is Python.
    pub fn script(&self, id: &str, down: &str, message: &str) -> String {
        let path = format!("migrations/versions/{id}_{message}.py");
        self.write(&path, script(id, down, message));
        path
    }

    /// Runs git with the words of a line; it must not fail. What it printed, both streams.
    pub fn git(&self, line: &str) -> String {
        self.run_git(&line.split_whitespace().collect::<Vec<_>>())
    }

    pub fn run_git(&self, args: &[&str]) -> String {
        let outcome = self.try_git(args);
        assert_eq!(outcome.status, 0, "git {args:?}: {}{}", outcome.stdout, outcome.stderr);
        outcome.stdout + &outcome.stderr
    }

    pub fn try_git(&self, args: &[&str]) -> Outcome {
        self.spawn(Command::new("git").args(args))
    }

    /// Commits everything in the folder.
    pub fn commit(&self, message: &str) {
        self.git("add --all .");
        self.run_git(&["commit", "--quiet", "-m", message]);
    }

    /// The id of a revision.
    pub fn id(&self, revision: &str) -> String {
        self.git(&format!("rev-parse {revision}")).trim().to_owned()
    }

    /// HEAD, every ref, the index and the work tree: what a refusal must not change.
    pub fn state(&self) -> String {
        let head = self.try_git(&["rev-parse", "HEAD"]).stdout;
        head + &self.git("for-each-ref")
            + &self.git("ls-files --stage")
            + &self.git("status --porcelain=v1 --untracked")
    }

    /// Runs a command in this world.
    pub fn spawn(&self, command: &mut Command) -> Outcome {
        outcome(&command.current_dir(self.dir()).env_clear().envs(&self.env).stdin(Stdio::null()).output().unwrap())
    }

    /// Types a line into a shell.
    pub fn sh(&self, line: &str) -> Outcome {
        self.spawn(Command::new("sh").arg("-c").arg(line))
    }

    /// The real program in this world.
    pub fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onehead"));
        command.current_dir(self.dir()).env_clear().envs(&self.env).stdin(Stdio::null());
        command
    }

    /// Installs the real hooks.
    pub fn install(&self) {
        let outcome = outcome(&self.program().arg("install").output().unwrap());
        assert_eq!(outcome.status, 0, "{outcome:?}");
    }

    /// Runs onehead in this process with the words of a line.
    pub fn onehead(&self, line: &str) -> Outcome {
        self.run(&line.split_whitespace().collect::<Vec<_>>(), "", &[])
    }

    /// Runs onehead with these arguments, standard input and variables.
    pub fn run(&self, args: &[&str], stdin: &str, env: &[(&str, &str)]) -> Outcome {
        let (stdout, stderr) = (Stream::default(), Stream::default());
        let mut io = self.io(Box::new(io::Cursor::new(stdin.as_bytes().to_vec())));
        io.stdout = Box::new(stdout.clone());
        io.stderr = Box::new(stderr.clone());
        io.env.extend(env.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))));
        let args = ["onehead"].iter().chain(args).map(OsString::from);
        let status = onehead::run(args, &mut io);
        Outcome { status: code(status), stdout: stdout.text(), stderr: stderr.text() }
    }

    /// Runs onehead with a standard output that nobody reads.
    pub fn onehead_unread(&self, line: &str) -> (i32, String) {
        let stderr = Stream::default();
        let mut io = self.io(Box::new(io::empty()));
        io.stdout = Box::new(ClosedPipe);
        io.stderr = Box::new(stderr.clone());
        let status = onehead::run(["onehead"].into_iter().chain(line.split_whitespace()).map(OsString::from), &mut io);
        (code(status), stderr.text())
    }

    fn io(&self, stdin: Box<dyn Read>) -> Io {
        Io {
            env: self.env.clone(),
            program: env!("CARGO_BIN_EXE_onehead").into(),
            cwd: self.dir(),
            stdin,
            stdout: Box::new(io::sink()),
            stderr: Box::new(io::sink()),
            stdout_is_terminal: false,
            stderr_is_terminal: false,
        }
    }

    /// `check` with these options, as JSON: the exit status and each diagnostic as `severity rule`.
    pub fn check(&self, options: &str) -> Found {
        let outcome = self.onehead(&format!("check --format json {options}"));
        assert_eq!(outcome.stderr.lines().filter(|line| !line.starts_with("onehead: ")).count(), 0, "{outcome:?}");
        let json: Value = match serde_json::from_str(&outcome.stdout) {
            Ok(json) => json,
            Err(_) => panic!("{outcome:?}"),
        };
        assert_eq!(json["refused"], outcome.status == 1, "{outcome:?}");
        Found { status: outcome.status, json }
    }
}

/// What `check --format json` found.
#[derive(Debug)]
pub struct Found {
    pub status: i32,
    pub json: Value,
}

impl Found {
    /// `severity rule` of each diagnostic, in order.
    pub fn rules(&self) -> Vec<String> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let diagnostics = self.json["diagnostics"].as_array().unwrap();
        diagnostics.iter().map(|found| text(&found["severity"]) + " " + &text(&found["rule"])).collect()
    }

    #[track_caller]
    pub fn assert(&self, status: i32, rules: &[&str]) {
        assert_eq!(
            (self.status, self.rules()),
            (status, rules.iter().map(|&rule| rule.to_owned()).collect()),
            "{self:?}"
        );
    }
}

impl Outcome {
    /// Passed without a word.
    #[track_caller]
    pub fn assert_silent(&self) {
        assert_eq!((self.status, &*self.stdout, &*self.stderr), (0, "", ""));
    }

    /// Ended so, and said each of these.
    #[track_caller]
    pub fn assert(&self, status: i32, words: &[&str]) {
        let said = self.said();
        assert_eq!(self.status, status, "{said}");
        for word in words {
            assert!(said.contains(word), "no `{word}` in:\n{said}");
        }
    }

    /// Could not answer: exit status 2 and exactly one line, which says each of these.
    #[track_caller]
    pub fn assert_failed(&self, words: &[&str]) {
        self.assert(2, words);
        assert_eq!((self.stdout.as_str(), self.stderr.lines().count()), ("", 1), "{}", self.said());
        assert!(self.stderr.starts_with("onehead: "), "{}", self.stderr);
    }

    pub fn said(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// A revision's file as Alembic's default template writes it.
pub fn script(id: &str, down: &str, message: &str) -> String {
    let revises = if down == "None" { String::new() } else { down.replace(['"', '\'', '(', ')'], "") };
    format!(
        r#""""{message}

Revision ID: {id}
Revises: {revises}
Create Date: 2026-11-02 10:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '{id}'
down_revision: Union[str, Sequence[str], None] = {down}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column("users", sa.Column("{message}", sa.Integer()))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column("users", "{message}")
"#
    )
}

/// What differs from run to run, named: today's date in a suggested name, and short commit ids.
pub fn redacted(text: &str) -> String {
    let date = regex::Regex::new(r"merge_migration_heads_\d{8}").unwrap();
    let commit = regex::Regex::new(r", [0-9a-f]{7}, ").unwrap();
    commit.replace_all(&date.replace_all(text, "merge_migration_heads_[TODAY]"), ", [COMMIT], ").into_owned()
}

fn hermetic(home: &Path) -> BTreeMap<OsString, OsString> {
    let path = std::env::var_os("PATH").unwrap();
    [
        ("PATH", path.as_os_str()),
        ("HOME", home.as_os_str()),
        ("GIT_CONFIG_GLOBAL", OsStr::new("/dev/null")),
        ("GIT_CONFIG_NOSYSTEM", OsStr::new("1")),
        ("GIT_AUTHOR_NAME", OsStr::new("Ana")),
        ("GIT_AUTHOR_EMAIL", OsStr::new("ana@example.com")),
        ("GIT_AUTHOR_DATE", OsStr::new("2026-11-02T10:00:00Z")),
        ("GIT_COMMITTER_NAME", OsStr::new("Ana")),
        ("GIT_COMMITTER_EMAIL", OsStr::new("ana@example.com")),
        ("GIT_COMMITTER_DATE", OsStr::new("2026-11-02T10:00:00Z")),
        ("GIT_EDITOR", OsStr::new("true")),
        ("LC_ALL", OsStr::new("C")),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .into()
}

fn outcome(output: &Output) -> Outcome {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Outcome { status: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

fn code(status: ExitStatus) -> i32 {
    status as i32
}

/// A stream that remembers.
#[derive(Clone, Default)]
struct Stream(Rc<RefCell<Vec<u8>>>);

impl Stream {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).expect("what is printed is UTF-8")
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct ClosedPipe;

impl Write for ClosedPipe {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}
