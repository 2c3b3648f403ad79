//! What a run shows: frames for people, JSON for machines, drawings of a fork. The only place that knows
//! ANSI and JSON; it decides nothing about what is reported.

mod drift;
mod graph;
mod human;
pub mod json;
mod schema;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

pub use drift::{Difference, Differences, drift_human, drift_json};
pub use graph::MAX_BRANCHES;
pub use human::{diagnostics_human, summary};
pub use schema::{Shown, schema_human, schema_json};

/// Columns that output for people keeps to where it can. Fixed: what is shown depends on no terminal.
const WIDTH: usize = 100;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_decided_by_flag_then_environment_then_terminal() {
        let decide = |choice, is_terminal, env: &[(&str, &str)]| {
            use_color(choice, is_terminal, &env.iter().map(|(name, value)| (name.into(), value.into())).collect())
        };
        let auto = |is_terminal, env: &[(&str, &str)]| decide(Color::Auto, is_terminal, env);
        assert!(decide(Color::Always, false, &[("NO_COLOR", "1")]));
        assert!(!decide(Color::Never, true, &[("CLICOLOR_FORCE", "1")]));
        assert!(auto(true, &[]));
        assert!(!auto(false, &[]));
        assert!(!auto(true, &[("NO_COLOR", "0")]));
        assert!(auto(true, &[("NO_COLOR", "")]));
        assert!(!auto(true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
        assert!(auto(false, &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")]));
        assert!(!auto(false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!auto(true, &[("CLICOLOR", "0")]));
        assert!(!auto(false, &[("CLICOLOR", "1")]));
        assert!(!auto(true, &[("TERM", "dumb")]));
        assert!(auto(true, &[("TERM", "xterm-256color"), ("CLICOLOR", "1")]));
    }
}
