//! Diagnostics for people: a code frame, what is to be known about it, what to type.

use std::io::{self, Write};

use crate::diagnostic::Diagnostic;

/// Prints the diagnostics in the order given.
pub fn diagnostics_human(out: &mut dyn Write, diagnostics: &[Diagnostic], color: bool) -> io::Result<()> {
    let _ = color;
    for diagnostic in diagnostics {
        writeln!(out, "{}[{}]: {}", diagnostic.severity.name(), diagnostic.rule, diagnostic.message)?;
    }
    Ok(())
}

/// The closing line: `2 errors, 1 warning`; `None` when there is neither.
pub fn summary(diagnostics: &[Diagnostic]) -> Option<String> {
    let _ = diagnostics;
    None
}
