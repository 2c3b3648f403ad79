//! What one run may touch of the outside: arguments apart, its environment, folder and streams.
//! Tests hand in their own, so that nothing of the machine leaks into them.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// Nothing was refused.
    Passed = 0,
    /// At least one error-level diagnostic.
    Refused = 1,
    /// The question could not be answered: bad configuration, unreadable repository, wrong usage.
    Failed = 2,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        ExitCode::from(status as u8)
    }
}

/// Environment, folder and streams of one run.
pub struct Io {
    pub env: BTreeMap<OsString, OsString>,
    /// This program.
    pub program: PathBuf,
    /// The folder the program was started in, absolute.
    pub cwd: PathBuf,
    pub stdin: Box<dyn Read>,
    pub stdout: Box<dyn Write>,
    pub stderr: Box<dyn Write>,
    /// Whether standard output, and standard error, are terminals.
    pub stdout_is_terminal: bool,
    pub stderr_is_terminal: bool,
}

impl Io {
    /// Those of this process.
    pub fn process() -> Self {
        Self {
            env: std::env::vars_os().collect(),
            program: std::env::current_exe().unwrap_or_else(|_| "onehead".into()),
            cwd: std::env::current_dir().unwrap_or_default(),
            stdin: Box::new(std::io::stdin()),
            stdout: Box::new(std::io::stdout()),
            stderr: Box::new(std::io::stderr()),
            stdout_is_terminal: std::io::stdout().is_terminal(),
            stderr_is_terminal: std::io::stderr().is_terminal(),
        }
    }

    /// An environment variable that is set and not empty.
    pub fn var(&self, name: &str) -> Option<&OsStr> {
        self.env.get(OsStr::new(name)).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }
}
