//! The command line: what can be typed, and who does it. One file a subcommand.

mod check;
pub mod demo;
pub mod doctor;
mod drift;
mod frameworks;
mod heads;
mod hook;
pub mod hook_files;
pub mod install;
mod manual;
mod question;
mod schema;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{CommandFactory, Parser, Subcommand};

use crate::diagnostic::{Diagnostic, Severity};
use crate::render::{self, Color, Format};
use crate::source::escape;
use crate::{ExitStatus, Io};

/// Keeps an Alembic history at one head: looks at what git is about to record, and at the branch it will be merged into.
#[derive(Parser)]
#[command(name = "onehead", version, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
struct Arguments {
    /// Run as if started in this folder
    #[arg(short = 'C', value_name = "DIR", global = true)]
    dir: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t, global = true)]
    format: Format,
    /// When to colour
    #[arg(long, value_enum, default_value_t, global = true)]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check the work tree, the index or a commit
    Check(check::CheckArguments),
    /// List heads, bases and branch points of every environment
    Heads(heads::HeadsArguments),
    /// Show the schema that the migrations build, or that the models declare
    Schema(schema::SchemaArguments),
    /// Show where models and migrations part
    Drift(drift::DriftArguments),
    /// What git runs; installed by `onehead install`
    Hook(hook::HookArguments),
    /// Install the git hooks into this repository
    Install,
    /// Remove the git hooks again; what was there before comes back
    Uninstall,
    /// Tell whether the hooks will run here
    Doctor {
        /// The base branch, where the hooks would not find it themselves
        #[arg(long, value_name = "REF")]
        base: Option<String>,
    },
    /// List all rules
    Rules,
    /// Show a rule's manual
    Explain {
        /// The rule's name
        rule: String,
    },
    /// Play the incident onehead was written for, in a throw-away repository
    Demo {
        /// Leave the repository there
        #[arg(long)]
        keep: bool,
    },
    /// Print a completion script
    Completions {
        /// The shell it is for
        shell: clap_complete::Shell,
    },
}

/// What every subcommand is given.
struct Context<'a> {
    io: &'a mut Io,
    dir: PathBuf,
    format: Format,
    color: Color,
}

/// Runs a command line; the name of the program comes first.
pub fn run(args: impl IntoIterator<Item = OsString>, io: &mut Io) -> ExitStatus {
    let arguments = match Arguments::try_parse_from(args) {
        Ok(arguments) => arguments,
        Err(error) => {
            let color = render::use_color(Color::Auto, io.stderr_is_terminal, &io.env);
            let text = if color { error.render().ansi().to_string() } else { error.render().to_string() };
            let (out, status) = match error.use_stderr() {
                true => (&mut io.stderr, ExitStatus::Failed),
                false => (&mut io.stdout, ExitStatus::Passed),
            };
            let _ = write!(out, "{text}");
            return status;
        }
    };
    let dir = arguments.dir.map_or_else(|| io.cwd.clone(), |dir| io.cwd.join(dir));
    let mut context = Context { io, dir, format: arguments.format, color: arguments.color };
    let result = dispatch(arguments.command, &mut context);
    match result {
        Ok(status) => status,
        // whoever read our output has seen enough
        Err(error) if error.chain().any(is_broken_pipe) => ExitStatus::Passed,
        Err(error) => {
            let _ = writeln!(context.io.stderr, "onehead: {}", one_line(&error));
            ExitStatus::Failed
        }
    }
}

fn dispatch(command: Command, context: &mut Context) -> Result<ExitStatus> {
    match command {
        Command::Check(arguments) => check::check(&arguments, context),
        Command::Heads(arguments) => heads::heads(&arguments, context),
        Command::Schema(arguments) => schema::schema(&arguments, context),
        Command::Drift(arguments) => drift::drift(&arguments, context),
        Command::Hook(arguments) => hook::hook(&arguments, context),
        Command::Install => {
            install::install(&context.dir, &context.io.env, &context.io.program, &mut context.io.stdout)
        }
        Command::Uninstall => install::uninstall(&context.dir, &context.io.env, &mut context.io.stdout),
        Command::Doctor { base } => {
            doctor::doctor(&context.dir, &context.io.env, base.as_deref(), &mut context.io.stdout)
        }
        Command::Rules => manual::rules(context),
        Command::Explain { rule } => manual::explain(&rule, context),
        Command::Demo { keep } => demo::demo(&context.io.program, keep, &context.io.env, &mut context.io.stdout),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "onehead", &mut context.io.stdout);
            Ok(ExitStatus::Passed)
        }
    }
}

/// What a check comes to: the one place that decides.
fn status(diagnostics: &[Diagnostic]) -> ExitStatus {
    match diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        true => ExitStatus::Refused,
        false => ExitStatus::Passed,
    }
}

/// An error and its causes in one line, safe to print.
fn one_line(error: &anyhow::Error) -> String {
    escape(&format!("{error:#}")).into_owned()
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// How writing a result ended. Whoever closed the pipe has seen enough: the exit status still tells the answer.
fn written(result: io::Result<()>) -> Result<()> {
    match result {
        Err(error) if is_broken_pipe(&error) => Ok(()),
        result => result.context("writing the result"),
    }
}

impl Context<'_> {
    fn print_json(&mut self, json: &str) -> Result<()> {
        written(writeln!(self.io.stdout, "{json}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
