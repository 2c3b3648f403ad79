use std::sync::Arc;

use super::conflicted_migration::markers;
use super::{Check, Finding, Reporter, View, declare_rule, label};
use crate::migration::{Problem, Script};
use crate::project::Tree;
use crate::source::Span;

declare_rule! {
    /// Alembic cannot load a file of its versions folder.
    ///
    /// ## Why is this bad?
    /// Alembic imports every `.py` file in the folder (except `__init__.py`) for every command. A file that does not compile, or
    /// that declares no `revision` or no `down_revision`, such as a module of helpers, stops them all: "Could not determine
    /// revision id from filename utils.py".
    ///
    /// Python 2 is a warning, and so is a file that is not in this clone.
    ///
    /// ## Example
    /// ```python
    /// # versions/utils.py
    /// def create_enum(name): ...
    /// ```
    ///
    /// ## Fix
    /// Mend the file, or move what is no revision out of the folder.
    "unreadable-revision", Error, Check::Tree(check)
}

fn check(view: &View, reporter: &mut Reporter) {
    let is_absent = |script: &&Arc<Script>| script.header.problem == Some(Problem::Absent);
    if view.merged_with.is_some() {
        // what the base branch brings and this clone lacks may collide with what is here
        let own = |script: &Script| view.before[0].holds(script);
        report_absent(view.tree.scripts().filter(is_absent).filter(|script| !own(script)).collect(), false, reporter);
        return;
    }
    for script in view.tree.scripts() {
        let Some(problem) = &script.header.problem else { continue };
        let path = script.path();
        let (warning, message, span, help) = match problem {
            _ if markers(script).is_some() => continue,
            Problem::Absent => continue,
            Problem::Syntax { error, python2: true } => {
                (true, format!("{path} is Python 2"), Some(error.span), "no Python 3 can import it".to_owned())
            }
            Problem::Syntax { error, .. } => {
                (false, format!("{path} does not compile: {}", error.message), Some(error.span), "mend the file".into())
            }
            Problem::Encoding(reason) => {
                (false, format!("{path} cannot be decoded: {reason}"), None, "save it as UTF-8 text".into())
            }
            // found by looking at files, not told by a configuration: perhaps Alembic does not load the folder like this
            Problem::NoRevision if view.environment.config.is_none() => continue,
            Problem::NoRevision => {
                let help = "declare `revision` and `down_revision`, or move the file out of the folder";
                (false, format!("{path} declares no `revision`"), None, help.into())
            }
            Problem::RevisionNotText(span) => {
                (false, format!("`revision` in {path} is no string"), Some(*span), "write the id as a string".into())
            }
            Problem::DownRevisionNotText(span) => {
                let help = "write an id as a string, a tuple of them, or `None`";
                (false, format!("`down_revision` in {path} is no revision"), Some(*span), help.into())
            }
            Problem::NoDownRevision => {
                let span = script.header.revision.as_ref().map(|field| field.span);
                let help = "add `down_revision = …`, or `down_revision = None` for the first one";
                (false, format!("{path} declares no `down_revision`"), span, help.into())
            }
            Problem::TooLarge(size) => {
                let help = "move its data into a file of another kind".to_owned();
                (true, format!("{path} has {} MB and was not read", size >> 20), None, help)
            }
        };
        reporter.report(Finding {
            was_there: was_there(view, script),
            warning,
            message,
            revisions: script.id().map(str::to_owned).into_iter().collect(),
            labels: vec![label(script, span.map(|span| visible(script, span)), "")],
            help: vec![help],
            ..Finding::default()
        });
    }
    let absent: Vec<_> = view.tree.scripts().filter(is_absent).collect();
    let was_there = absent.iter().all(|script| was_there(view, script));
    report_absent(absent, was_there, reporter);
}

fn report_absent(absent: Vec<&Arc<Script>>, was_there: bool, reporter: &mut Reporter) {
    let message = match absent[..] {
        [] => return,
        [one] => format!("{} is not in this clone: what it says is not known", one.path()),
        [first, ref more @ ..] => {
            format!("{} and {} more are not in this clone: what they say is not known", first.path(), more.len())
        }
    };
    reporter.report(Finding {
        was_there,
        warning: true,
        message,
        labels: vec![label(absent[0], None, "")],
        help: vec!["git fetch --refetch --no-filter".into()],
        ..Finding::default()
    });
}

/// Whether the file was there as it is, or could not be loaded before either.
fn was_there(view: &View, script: &Script) -> bool {
    let broken = |tree: &Tree| tree.scripts().any(|other| other.path() == script.path() && other.is_broken());
    !view.is_new(|tree| tree.holds(script) || broken(tree))
}

/// An error at a line feed or the end of the file is shown at the last thing before it.
fn visible(script: &Script, span: Span) -> Span {
    let text = &script.source.text;
    let start = text.floor_char_boundary(span.start);
    if text[start..].trim_start().is_empty() { Span::new(text.trim_end().len(), text.trim_end().len()) } else { span }
}
