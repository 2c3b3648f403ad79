//! What a run shows: frames for people, JSON for machines, drawings of a fork. The only place that knows
//! ANSI and JSON; it decides nothing about what is reported.

pub mod graph;
mod human;
pub mod json;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

pub use human::{diagnostics_human, summary};

/// `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    #[default]
    Human,
    Json,
}

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// Whether to colour a stream. `env` is the run's own environment, never the process's. A flag beats the
/// environment; there a non-empty `NO_COLOR` (no-color.org) beats `CLICOLOR_FORCE`, which beats `CLICOLOR=0`
/// and `TERM=dumb`; what is left is whether the stream is a terminal.
pub fn use_color(choice: Color, is_terminal: bool, env: &BTreeMap<OsString, OsString>) -> bool {
    let var = |name: &str| env.get(OsStr::new(name)).filter(|value| !value.is_empty());
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if var("NO_COLOR").is_some() => false,
        Color::Auto if var("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        Color::Auto => {
            is_terminal
                && var("CLICOLOR").is_none_or(|value| value != "0")
                && var("TERM").is_none_or(|value| value != "dumb")
        }
    }
}
