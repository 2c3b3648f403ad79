//! One revision script: its file and what its header says.

use std::sync::Arc;

use crate::python;
use crate::source::{RepoPath, Source};

use super::header::{Header, Problem};

/// One file of a version location.
#[derive(Debug)]
pub struct Script {
    /// The text as Python decodes it; empty when it could not be read.
    pub source: Arc<Source>,
    pub header: Header,
}

/// How much of a file to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Depth {
    /// The header: enough for the graph.
    Header,
    /// All of it: whether the file compiles is known too.
    Whole,
}

impl Script {
    /// Reads a file's bytes. Whatever they are, there is a script; what is wrong with it stands in its header.
    pub fn read(path: RepoPath, bytes: Vec<u8>, depth: Depth) -> Script {
        let (text, problem) = match python::decode(&bytes) {
            Ok(text) => (text, None),
            Err(reason) => (String::from_utf8_lossy(&bytes).into_owned(), Some(Problem::Encoding(reason))),
        };
        let mut header = match depth {
            Depth::Header => Header::read(&text, path.file_name()),
            Depth::Whole => Header::read_whole(&text, path.file_name()),
        };
        header.problem = problem.or(header.problem);
        Script { source: Arc::new(Source::new(path, text)), header }
    }

    /// A file whose bytes cannot be had.
    pub fn unreadable(path: RepoPath, problem: Problem) -> Script {
        let header = Header { problem: Some(problem), ..Header::default() };
        Script { source: Arc::new(Source::new(path, String::new())), header }
    }

    /// Whether both files are the same code: layout and comments aside.
    pub fn same_code(&self, other: &Script) -> bool {
        self.source.text == other.source.text || python::same_code(&self.source.text, &other.source.text)
    }

    /// Whether Alembic cannot load the file, wherever in it the reason stands.
    pub fn is_broken(&self) -> bool {
        let whole = || python::on_deep_stack(|| Header::read_whole(&self.source.text, self.path().file_name()).problem);
        self.header.problem.is_some() || whole().is_some()
    }

    pub fn path(&self) -> &RepoPath {
        &self.source.path
    }

    /// The revision's id, when there is one and it can be told.
    pub fn id(&self) -> Option<&str> {
        self.header.revision.as_ref()?.value.as_deref()
    }
}
