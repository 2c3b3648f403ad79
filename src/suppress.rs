//! `# onehead: ignore[rule] reason`: drops what a comment excuses, and reports comments that excuse nothing.
//! A comment speaks for its own line and, when it stands alone, for the line below it; and for the whole of a statement that begins there.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::python;
use crate::rules;
use crate::source::{Source, Span};

/// A name between the brackets of one comment.
struct Suppression {
    rule: String,
    span: Span,
    /// The lines it speaks for.
    lines: std::ops::RangeInclusive<usize>,
}

/// Drops the diagnostics that are suppressed in their own file. Of the sources in `changed`, suppressions that suppress nothing
/// are reported; `decided` says whether a rule could have found something at all (without a base branch some cannot).
pub fn apply(
    mut diagnostics: Vec<Diagnostic>,
    changed: &[(String, Arc<Source>)],
    decided: impl Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let mut unused = Vec::new();
    for (environment, source) in changed {
        for suppression in suppressions(source) {
            let used = diagnostics.iter().any(|diagnostic| covers(&suppression, source, diagnostic));
            let known = rules::find(&suppression.rule).is_some();
            if used || (known && !decided(&suppression.rule)) {
                continue;
            }
            let message = match known {
                true => format!("nothing here for `{}` to suppress", suppression.rule),
                false => format!("there is no rule `{}`", suppression.rule),
            };
            unused.push(Diagnostic {
                rule: "unused-suppression",
                severity: Severity::Warning,
                message,
                environment: environment.clone(),
                revisions: Vec::new(),
                labels: vec![Label { source: source.clone(), span: suppression.span, text: String::new() }],
                fork: None,
                notes: Vec::new(),
                help: vec!["remove it, or write the name as `onehead rules` lists it".into()],
            });
        }
    }
    let mut read: HashMap<*const Source, Vec<Suppression>> = HashMap::new();
    diagnostics.retain(|diagnostic| {
        let Some(label) = diagnostic.labels.first() else { return true };
        let suppressions = read.entry(Arc::as_ptr(&label.source)).or_insert_with(|| suppressions(&label.source));
        !suppressions.iter().any(|suppression| covers(suppression, &label.source, diagnostic))
    });
    diagnostics.extend(unused);
    diagnostics
}

fn covers(suppression: &Suppression, source: &Source, diagnostic: &Diagnostic) -> bool {
    diagnostic.rule == suppression.rule
        && diagnostic.labels.first().is_some_and(|label| {
            *label.source == *source && suppression.lines.contains(&source.position(label.span.start).line)
        })
}

fn suppressions(source: &Source) -> Vec<Suppression> {
    static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
        #[allow(clippy::unwrap_used, reason = "the pattern is a constant, and tests use it")]
        Regex::new(r"^#\s*onehead:\s*ignore\[([^\]]*)\]").unwrap()
    });
    // most files have none: do not parse them to learn that
    if !source.text.contains("onehead:") {
        return Vec::new();
    }
    let statements = python::on_deep_stack(|| python::simple_statements(&python::parse(&source.text).statements));
    let line_of = |at: usize| source.position(at).line;
    // SQL stands in text of many lines, where no comment can
    let end_of_statement = |line: usize| {
        let of_line = statements.iter().filter(|statement| line_of(statement.start) == line);
        of_line.map(|statement| line_of(statement.end)).max().unwrap_or(line)
    };
    let mut res = Vec::new();
    for comment in python::comments(&source.text) {
        let text = &source.text[comment.start..comment.end];
        let Some(names) = COMMENT.captures(text).and_then(|found| found.get(1)) else { continue };
        let line = line_of(comment.start);
        let before = source.text[..comment.start].rsplit('\n').next().unwrap_or_default();
        let last = end_of_statement(if before.trim().is_empty() { line + 1 } else { line });
        let mut at = comment.start + names.start();
        for name in names.as_str().split(',') {
            let start = at + (name.len() - name.trim_start().len());
            let rule = name.trim().to_owned();
            res.push(Suppression { span: Span::new(start, start + rule.len()), rule, lines: line..=last });
            at += name.len() + 1;
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "x = 1  # onehead: ignore[multiple-heads] released both\n\
        # onehead: ignore[ revision-cycle , no-such-rule]\ny = 2\nz = '# onehead: ignore[multiple-heads]'\n";

    fn diagnostic(source: &Arc<Source>, rule: &'static str, at: usize) -> Diagnostic {
        Diagnostic {
            rule,
            severity: Severity::Error,
            message: String::new(),
            environment: String::new(),
            revisions: Vec::new(),
            labels: vec![Label { source: source.clone(), span: Span::new(at, at), text: String::new() }],
            fork: None,
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    fn left(diagnostics: &[(&'static str, &str)], decided: bool) -> Vec<(&'static str, String)> {
        let source = Arc::new(Source::new("a.py".into(), TEXT));
        let at = |place: &str| TEXT.find(place).expect("in the text");
        let found = diagnostics.iter().map(|&(rule, place)| diagnostic(&source, rule, at(place))).collect();
        let res = apply(found, &[(String::new(), source.clone())], |_| decided);
        res.into_iter().map(|diagnostic| (diagnostic.rule, diagnostic.message)).collect()
    }

    #[test]
    fn a_comment_speaks_for_its_line_or_the_next() {
        let no_such = ("unused-suppression", "there is no rule `no-such-rule`".to_owned());
        let suppressed = left(&[("multiple-heads", "x ="), ("revision-cycle", "y =")], true);
        assert_eq!(suppressed, std::slice::from_ref(&no_such));
        let kept = ("multiple-heads", String::new());
        assert_eq!(
            left(&[("multiple-heads", "z ="), ("multiple-heads", "x ="), ("revision-cycle", "y =")], true),
            [kept, no_such]
        );
    }

    #[test]
    fn a_comment_speaks_for_the_whole_of_a_statement() {
        let text = "def upgrade():\n    # onehead: ignore[invalid-sql]\n    op.execute(\n        '''\n        x\n        '''\n    )\n    y = 1\n";
        let source = Arc::new(Source::new("a.py".into(), text));
        let found = ["x", "y"].map(|place| diagnostic(&source, "invalid-sql", text.find(place).expect("in the text")));
        assert_eq!(apply(found[..1].to_vec(), &[(String::new(), source.clone())], |_| true).len(), 0);
        assert_eq!(apply(found[1..].to_vec(), &[], |_| true).len(), 1);
    }

    #[test]
    fn what_excuses_nothing_is_reported_unless_it_cannot_be_known() {
        let rules = |decided| left(&[], decided).into_iter().map(|(_, message)| message).collect::<Vec<_>>();
        assert_eq!(
            rules(true),
            [
                "nothing here for `multiple-heads` to suppress",
                "nothing here for `revision-cycle` to suppress",
                "there is no rule `no-such-rule`"
            ]
        );
        assert_eq!(rules(false), ["there is no rule `no-such-rule`"]);
    }
}
