//! A repository on disk with files that are not committed, and onehead run in it.

use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use onehead::{ExitStatus, Io};
use serde_json::{Value, json};
use tempfile::TempDir;

pub struct Folder {
    /// The real path: what Alembic prints, links resolved.
    root: PathBuf,
    _temporary: TempDir,
}

impl Folder {
    /// An empty repository.
    pub fn new() -> Folder {
        let temporary = tempfile::tempdir().expect("a folder");
        let root = temporary.path().canonicalize().expect("it exists");
        for folder in [".git/objects", ".git/refs"] {
            fs::create_dir_all(root.join(folder)).expect("a folder");
        }
        let res = Folder { root, _temporary: temporary };
        res.file(".git/HEAD", "ref: refs/heads/main\n");
        res.file(".git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
        res
    }

    /// The same with an `alembic.ini` for `migrations/`.
    pub fn with_environment() -> Folder {
        let res = Folder::new();
        res.file("alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n");
        res.file("migrations/env.py", "");
        fs::create_dir_all(res.path("migrations/versions")).expect("a folder");
        res
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub fn file(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    pub fn link(&self, path: &str, target: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        symlink(target, path).expect("a link");
    }

    /// A path that Alembic told, as onehead writes it.
    pub fn relative(&self, path: &Value) -> String {
        let path = Path::new(path.as_str().expect("a path"));
        path.strip_prefix(&self.root).unwrap_or(path).to_str().expect("UTF-8").to_owned()
    }

    /// The question to Alembic when it is started here, with `alembic.ini` and `pyproject.toml` where they usually lie.
    pub fn question(&self) -> Value {
        json!({"cwd": self.root, "ini": "alembic.ini", "toml": "pyproject.toml"})
    }

    /// `onehead heads`.
    pub fn heads(&self) -> Value {
        let (status, answer) = self.onehead(&["heads"]);
        assert_eq!(status, ExitStatus::Passed, "{answer}");
        answer
    }

    /// Whether `onehead check --all` refuses, and its diagnostics.
    pub fn check(&self) -> (bool, Vec<Value>) {
        let (status, mut answer) = self.onehead(&["check", "--all"]);
        assert_ne!(status, ExitStatus::Failed, "{answer}");
        assert_eq!(answer["refused"], status == ExitStatus::Refused);
        (status == ExitStatus::Refused, answer["diagnostics"].as_array_mut().map(std::mem::take).expect("a list"))
    }

    fn onehead(&self, arguments: &[&str]) -> (ExitStatus, Value) {
        let (out, errors) = (Stream::default(), Stream::default());
        let mut io = Io {
            env: [("HOME".into(), self.root.clone().into_os_string())].into(),
            program: "onehead".into(),
            cwd: self.root.clone(),
            stdin: Box::new(std::io::empty()),
            stdout: Box::new(out.clone()),
            stderr: Box::new(errors.clone()),
            stdout_is_terminal: false,
            stderr_is_terminal: false,
        };
        let arguments = ["onehead", "--format", "json"].iter().chain(arguments).map(Into::into);
        let status = onehead::run(arguments, &mut io);
        let text = out.text();
        let answer = serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}{}", errors.text()));
        (status, answer)
    }
}

#[derive(Clone, Default)]
struct Stream(Rc<RefCell<Vec<u8>>>);

impl Stream {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).expect("UTF-8")
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
