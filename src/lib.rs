//! onehead keeps an Alembic history at one head: git runs it on commit, merge and push.

pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod git;
mod io;
pub mod migration;
pub mod project;
pub mod python;
pub mod render;
pub mod rules;
pub mod source;
pub mod suppress;

use std::ffi::OsString;

pub use io::{ExitStatus, Io};

/// Runs one command line. `args` includes the program's name. Never panics on what the repository holds.
pub fn run(args: impl IntoIterator<Item = OsString>, io: &mut Io) -> ExitStatus {
    cli::run(args, io)
}
