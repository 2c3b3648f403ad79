use super::{Check, Finding, Reporter, View, declare_rule, label};
use crate::migration::{Problem, Script};
use crate::source::Span;

declare_rule! {
    /// A migration has a merge conflict in it.
    ///
    /// ## Why is this bad?
    /// A file with conflict markers is no Python: Alembic imports every file of the folder, so not one command works.
    /// A conflict that would only come up when merging with the base branch is a warning: better to solve now, where
    /// the two changes of one migration can still be told apart.
    ///
    /// ## Example
    /// ```text
    /// <<<<<<< HEAD
    /// down_revision = "a1c0"
    /// =======
    /// down_revision = "c9d4"
    /// >>>>>>> grants
    /// ```
    ///
    /// ## Fix
    /// Keep one side, remove the markers, and `git add` the file.
    "conflicted-migration", Error, Check::Tree(check)
}

fn check(view: &View, reporter: &mut Reporter) {
    for script in &view.tree.conflicts {
        let message = match view.merged_with {
            Some(base) => format!("{} was changed here and on `{base}`, and the changes collide", script.path()),
            None => format!("{} has an unresolved merge conflict", script.path()),
        };
        reporter.report(Finding {
            warning: view.merged_with.is_some(),
            message,
            revisions: script.id().map(str::to_owned).into_iter().collect(),
            labels: vec![label(script, None, "")],
            help: match view.merged_with {
                Some(base) => vec![format!("git merge {base}, and keep one side")],
                None => vec![format!("solve it, then git add {}", script.path().typed())],
            },
            ..Finding::default()
        });
    }
    if view.merged_with.is_some() {
        return;
    }
    for script in view.tree.scripts() {
        let Some(span) = markers(script) else { continue };
        reporter.report(Finding {
            was_there: !view.is_new(|tree| tree.holds(script)),
            message: format!("conflict markers in {}", script.path()),
            revisions: script.id().map(str::to_owned).into_iter().collect(),
            labels: vec![label(script, Some(span), "")],
            help: vec![format!("keep one side, remove the markers, then git add {}", script.path().typed())],
            ..Finding::default()
        });
    }
}

/// The first conflict marker of a file that does not compile; `None` when there are no markers of both kinds.
pub(super) fn markers(script: &Script) -> Option<Span> {
    let text = &script.source.text;
    if !matches!(script.header.problem, Some(Problem::Syntax { .. })) {
        return None;
    }
    let line_starting = |marker: &str| {
        let first = text.starts_with(marker).then_some(0);
        first.or_else(|| text.find(&format!("\n{marker}")).map(|at| at + 1))
    };
    let (open, close) = (line_starting("<<<<<<< ")?, line_starting(">>>>>>> ")?);
    let end = text[open..].find('\n').map_or(text.len(), |at| open + at);
    (open < close).then(|| Span::new(open, end))
}
