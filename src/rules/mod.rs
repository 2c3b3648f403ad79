//! The table of rules, and the runner that asks them. A rule is a file: its documentation, its `RULE`, one `check`.
//! Rules see the domain (`project`, `migration`), never Python, SQL, git or a terminal.

mod cast_without_using;
mod changed_published_revision;
mod conflicted_migration;
mod drift;
mod drop_type_cascade;
mod duplicate_object;
mod duplicate_revision;
mod forked_from_base;
mod heads;
mod ignored_create_type;
mod insert_without_required_column;
mod invalid_revision_id;
mod invalid_sql;
mod irreversible_downgrade;
mod leftover_enum_type;
mod migration_without_model_change;
mod missing_down_revision;
mod model_change_without_migration;
mod multiple_heads;
mod not_null_without_default;
mod object_still_used;
mod replay;
mod revision_cycle;
mod undefined_object;
mod unnamed_constraint_drop;
mod unreadable_revision;
mod unreviewed_autogenerate;
mod unsafe_new_enum_value;
mod unused_suppression;

use std::rc::Rc;
use std::sync::Arc;

use crate::config::{Environment, Level, Settings};
use crate::diagnostic::{Diagnostic, Fork, Label, Severity};
use crate::migration::{Node, Script};
use crate::project::{Against, Drift, Moment, Project, Scope, Tree};
use crate::source::Span;

use self::replay::At;

/// One rule: its slug reads after "allow …".
pub struct Rule {
    pub name: &'static str,
    /// How much what it finds weighs, unless the case or the configuration says otherwise.
    pub severity: Severity,
    /// Its manual, in Markdown.
    pub docs: &'static str,
    check: Check,
}

/// What a rule is asked.
enum Check {
    /// About a tree by itself; asked of the tree that is checked and of its merge with each base branch.
    Tree(fn(&View, &mut Reporter)),
    /// About the tree that is checked and what it will be merged into.
    Scope(fn(&View, &Scope, &mut Reporter)),
    /// About one revision that is new, replayed.
    Step(fn(&At, &mut Reporter)),
    /// About models and migrations that part.
    Drift(fn(&View, &Drift, &mut Reporter)),
    /// Decided where suppressions are applied.
    Suppressions,
}

/// Every rule, sorted by name.
pub static RULES: &[&Rule] = &[
    &cast_without_using::RULE,
    &changed_published_revision::RULE,
    &conflicted_migration::RULE,
    &drop_type_cascade::RULE,
    &duplicate_object::RULE,
    &duplicate_revision::RULE,
    &forked_from_base::RULE,
    &ignored_create_type::RULE,
    &insert_without_required_column::RULE,
    &invalid_revision_id::RULE,
    &invalid_sql::RULE,
    &irreversible_downgrade::RULE,
    &leftover_enum_type::RULE,
    &migration_without_model_change::RULE,
    &missing_down_revision::RULE,
    &model_change_without_migration::RULE,
    &multiple_heads::RULE,
    &not_null_without_default::RULE,
    &object_still_used::RULE,
    &revision_cycle::RULE,
    &undefined_object::RULE,
    &unnamed_constraint_drop::RULE,
    &unreadable_revision::RULE,
    &unreviewed_autogenerate::RULE,
    &unsafe_new_enum_value::RULE,
    &unused_suppression::RULE,
];

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// Whether a rule can find something only where there is a base branch.
pub fn needs_base(name: &str) -> bool {
    find(name).is_some_and(|rule| matches!(rule.check, Check::Scope(_)))
}

/// Gives each diagnostic the weight that the configuration wants, and drops those of rules that are off.
pub fn weigh(diagnostics: Vec<Diagnostic>, settings: &Settings) -> Vec<Diagnostic> {
    let weighed = |mut diagnostic: Diagnostic| {
        diagnostic.severity = severity(settings, diagnostic.rule, diagnostic.severity)?;
        Some(diagnostic)
    };
    diagnostics.into_iter().filter_map(weighed).collect()
}

/// What the configuration says a diagnostic weighs; `None`: its rule is off.
fn severity(settings: &Settings, rule: &str, usual: Severity) -> Option<Severity> {
    match settings.rules.iter().rev().find(|level| level.slug == rule).map(|level| level.level) {
        Some(Level::Off) => None,
        _ if usual == Severity::Note => Some(Severity::Note),
        Some(Level::Error) => Some(Severity::Error),
        Some(Level::Warning) => Some(Severity::Warning),
        None => Some(usual),
    }
}

impl Rule {
    /// The first sentence of the manual.
    pub fn summary(&self) -> &'static str {
        self.docs.trim().lines().next().unwrap_or_default().trim()
    }

    /// The manual as Markdown.
    pub fn manual(&self) -> String {
        self.docs
            .lines()
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n")
            .trim()
            .to_owned()
    }
}

/// A tree, what was there before it, and where we stand.
pub struct View<'a> {
    pub tree: &'a Rc<Tree>,
    /// Each tree that what we find may have come from.
    pub before: Vec<&'a Rc<Tree>>,
    /// The tips of the base branches.
    pub bases: Vec<&'a Rc<Tree>>,
    pub environment: &'a Environment,
    pub settings: &'a Settings,
    pub moment: Moment,
    /// The tree before that is the base branch's, if one is.
    pub published: Option<usize>,
    pub today: &'a str,
    /// The name of the base branch, when the tree is merged with it.
    pub merged_with: Option<&'a str>,
}

impl View<'_> {
    /// Whether something that holds here held in none of the trees before.
    pub fn is_new(&self, holds: impl Fn(&Tree) -> bool) -> bool {
        !self.before.iter().any(|tree| holds(tree))
    }
}

/// What a rule found; the runner adds name, weight and place.
#[derive(Default)]
pub struct Finding {
    /// Held in a tree before already: a note, whatever the rule's severity.
    pub was_there: bool,
    /// Weighs less than the rule usually does.
    pub warning: bool,
    pub message: String,
    pub revisions: Vec<String>,
    pub labels: Vec<Label>,
    pub fork: Option<Fork>,
    pub notes: Vec<String>,
    pub help: Vec<String>,
}

/// Takes what rules find, and stamps it.
pub struct Reporter<'a> {
    rule: &'static Rule,
    environment: &'a Environment,
    diagnostics: Vec<Diagnostic>,
}

impl Reporter<'_> {
    pub fn report(&mut self, finding: Finding) {
        let severity = match finding {
            Finding { was_there: true, .. } => Severity::Note,
            Finding { warning: true, .. } => self.rule.severity.min(Severity::Warning),
            _ => self.rule.severity,
        };
        self.diagnostics.push(Diagnostic {
            rule: self.rule.name,
            severity,
            message: finding.message,
            environment: self.environment.name.clone(),
            revisions: finding.revisions,
            labels: finding.labels,
            fork: finding.fork,
            notes: finding.notes,
            help: finding.help,
        });
    }
}

/// Asks every rule about every environment. The result is sorted by place and rule, each thing once.
pub fn run(project: &Project) -> Vec<Diagnostic> {
    let mut res = Vec::new();
    for scope in &project.scopes {
        let view = |tree, before, merged_with| View {
            tree,
            before,
            bases: scope.against.iter().map(|base| &base.tip).collect(),
            environment: &scope.environment,
            settings: &project.settings,
            moment: project.moment,
            published: project.published,
            today: &project.today,
            merged_with,
        };
        let own = view(&scope.tree, scope.parents.iter().collect(), None);
        for &rule in RULES {
            let mut reporter = Reporter { rule, environment: &scope.environment, diagnostics: Vec::new() };
            match rule.check {
                Check::Tree(check) => {
                    check(&own, &mut reporter);
                    let n_own = reporter.diagnostics.len();
                    let brings_any = |base: &&Against| !Rc::ptr_eq(&base.merged, &scope.tree);
                    for base in scope.against.iter().filter(brings_any) {
                        check(&view(&base.merged, vec![&scope.tree, &base.tip], Some(&base.name)), &mut reporter);
                    }
                    let mut merged = reporter.diagnostics.split_off(n_own);
                    // what merging would bring is news only when the merge brings it
                    merged.retain(|diagnostic| diagnostic.severity != Severity::Note);
                    for diagnostic in &mut merged {
                        if !adds_any(scope, &diagnostic.revisions) {
                            diagnostic.severity = diagnostic.severity.min(Severity::Warning);
                        }
                    }
                    reporter.diagnostics.append(&mut merged);
                }
                Check::Scope(check) => check(&own, scope, &mut reporter),
                Check::Step(check) => {
                    for step in scope.replayed.iter().flat_map(|replayed| &replayed.steps) {
                        check(&At::new(project, scope, step), &mut reporter);
                    }
                }
                Check::Drift(check) => {
                    scope.drift.iter().for_each(|drift| check(&own, drift, &mut reporter));
                }
                Check::Suppressions => {}
            }
            res.append(&mut reporter.diagnostics);
        }
    }
    sort(&mut res);
    res
}

/// Sorts by place and rule and drops what is said twice: two base branches mostly say the same, and so do two environments
/// that share files.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    fn key(diagnostic: &Diagnostic) -> impl Ord + '_ {
        let place = diagnostic.labels.first().map(|label| (&label.source.path, label.span));
        (place, diagnostic.rule, &diagnostic.revisions)
    }
    let by_weight =
        |a: &Diagnostic, b: &Diagnostic| b.severity.cmp(&a.severity).then_with(|| a.environment.cmp(&b.environment));
    diagnostics.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| by_weight(a, b)));
    // of a revision, one thing is said once at a place, in whatever words
    diagnostics.dedup_by(|b, a| {
        key(a) == key(b) && (a.message == b.message || !(a.labels.is_empty() || a.revisions.is_empty()))
    });
}

/// Whether the tree that is checked adds or changes one of these revisions.
fn adds_any(scope: &Scope, revisions: &[String]) -> bool {
    revisions
        .iter()
        .any(|id| scope.tree.graph.find(id).is_some_and(|at| !scope.was_there(&scope.tree.graph.nodes[at].script)))
}

/// A label at the value of `down_revision`, or at `revision` where there is none.
fn at_down_revision(node: &Node, text: impl Into<String>) -> Label {
    let header = &node.script.header;
    let span =
        header.down_revision.as_ref().map(|field| field.span).or(header.revision.as_ref().map(|field| field.span));
    label(&node.script, span, text)
}

/// A label at the value of `revision`.
fn at_revision(script: &Arc<Script>, text: impl Into<String>) -> Label {
    label(script, script.header.revision.as_ref().map(|field| field.span), text)
}

fn label(script: &Arc<Script>, span: Option<Span>, text: impl Into<String>) -> Label {
    Label { source: script.source.clone(), span: span.unwrap_or_default(), text: text.into() }
}

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``; of many, the first few and how many more.
fn list<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    const MOST: usize = 4;
    let items: Vec<String> = items.into_iter().map(|item| format!("`{}`", item.as_ref())).collect();
    match &items[..] {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if items.len() <= MOST => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", items[..MOST - 1].join(", "), items.len() - (MOST - 1)),
    }
}

macro_rules! declare_rule {
    ($(#[doc = $doc:literal])+ $name:literal, $severity:ident, $check:expr) => {
        $(#[doc = $doc])+
        pub static RULE: crate::rules::Rule = crate::rules::Rule {
            name: $name,
            severity: crate::diagnostic::Severity::$severity,
            docs: concat!($($doc, "\n"),+),
            check: $check,
        };
    };
}
use declare_rule;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_are_slugs() {
        assert!(RULES.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(RULES.iter().all(|rule| rule.name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }

    #[test]
    fn every_manual_says_why_and_shows_an_example() {
        for rule in RULES {
            assert!(rule.summary().trim().ends_with('.'), "{}: {}", rule.name, rule.summary());
            for heading in ["## Why is this bad?", "## Example"] {
                assert!(rule.docs.contains(heading), "{}: no {heading}", rule.name);
            }
        }
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b"]), "`a` and `b`");
        assert_eq!(list(["a", "b", "c", "d"]), "`a`, `b`, `c` and `d`");
        assert_eq!(list(["a", "b", "c", "d", "e"]), "`a`, `b`, `c` and 2 more");
    }
}
