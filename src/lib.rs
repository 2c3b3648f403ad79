//! onehead keeps an Alembic history at one head: git runs it on commit, merge and push.
//!
//! # The flow, one way
//!
//! `argv → config → git snapshots → Project (parse → graph → lower → replay) → rules → suppress → sort → render → exit status`
//!
//! A check is about a *snapshot* (the index, a commit, the work tree, or a merge that nobody has made yet), its *parents* (what
//! was there before) and the *base branch* it will be merged into. All snapshots answer the same two questions, which paths and
//! what bytes, so every rule runs on all of them; and only what none of the parents had refuses.
//!
//! # The map
//!
//! | module | owns | may import |
//! |---|---|---|
//! | `source` | paths, text, spans, escaping | – |
//! | `io` | environment, folder and streams of one run | – |
//! | `threads` | the threads that read and parse | – |
//! | `git` | snapshots, base branch, what a hook was told; the only user of `git2` | source, threads |
//! | `diagnostic` | what is reported: plain data | source |
//! | `python` | parsing Python; evaluating constants; running the project's own code as far as it is known | source, threads |
//! | `schema` | what a database holds, operations on it, what PostgreSQL says of one that does not fit | source |
//! | `sql` | SQL text to operations; the only user of its parser | schema |
//! | `sqlalchemy` | types, columns and tables as SQLAlchemy declares them, to schema data | python, schema, source, sql |
//! | `config` | onehead's settings; which environments a snapshot holds; what it is installed with | source, git |
//! | `migration` | one script, the graph, its errors and order; lowering scripts to operations, replaying these | source, python, schema, sql, sqlalchemy |
//! | `models` | what the models declare, linked, as a schema | python, schema, source, sqlalchemy |
//! | `project` | everything a rule may see, read once | config, git, migration, models, python, schema, source, sqlalchemy, threads |
//! | `rules` | the table of rules, one file each | config, diagnostic, migration, models, project, schema, source |
//! | `suppress` | `# onehead: ignore[…]` | diagnostic, python, rules, source |
//! | `render` | frames, drawings, JSON | diagnostic, schema, source |
//! | `cli` | subcommands, installing hooks, exit status | all |
//!
//! # What holds everywhere
//!
//! - From `Project` on nothing reads a file and nothing fails: problems are diagnostics.
//! - Unknown is a value: a rule that meets it is silent.
//! - Syntax trees stop in `python`, `sql` and `migration`; rules see revisions, graphs, and what was said of operations.
//! - What comes from the repository is escaped before it is printed.
//! - Nothing of the guarded project is run, nothing is written to its object store, no network is touched.
//! - No output depends on the order of a hash map; diagnostics are sorted and de-duplicated in one place (`rules::sort`).

pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod git;
mod io;
pub mod migration;
pub mod models;
pub mod project;
pub mod python;
pub mod render;
pub mod rules;
pub mod schema;
pub mod source;
pub mod sql;
pub mod sqlalchemy;
pub mod suppress;
mod threads;

use std::ffi::OsString;

pub use io::{ExitStatus, Io};

/// Runs one command line. `args` includes the program's name. Never panics on what the repository holds.
pub fn run(args: impl IntoIterator<Item = OsString>, io: &mut Io) -> ExitStatus {
    cli::run(args, io)
}

/// Says in one line that onehead itself went wrong, and how to go on without it.
pub fn report_panic(info: &std::panic::PanicHookInfo) {
    use std::io::Write;
    let message = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    let _ = writeln!(
        std::io::stderr(),
        "onehead: internal error{place}: {}; nothing was changed, and --no-verify goes on without the check",
        source::escape(message)
    );
}
