use super::{Check, Finding, Reporter, View, at_revision, declare_rule};
use crate::migration::Node;
use crate::project::{Against, Scope, Tree};

declare_rule! {
    /// A revision that the base branch has already was edited, renamed or deleted.
    ///
    /// ## Why is this bad?
    /// It has run elsewhere and will not run again: databases that are past it never see the edit, new ones see only the edit, and the
    /// two differ from then on. A deleted one leaves databases that stand at it with "Can't locate revision".
    ///
    /// Comments and layout may change. Adding a file is not a change.
    ///
    /// ## Example
    /// ```diff
    ///  revision = "a1c0"
    /// -    op.add_column("users", sa.Column("age", sa.Integer()))
    /// +    op.add_column("users", sa.Column("age", sa.BigInteger()))
    /// ```
    ///
    /// ## Fix
    /// Leave it as it is and write a new revision that makes the difference.
    "changed-published-revision", Warning, Check::Scope(check)
}

fn check(_: &View, scope: &Scope, reporter: &mut Reporter) {
    for against in &scope.against {
        let changes: Vec<(&Node, String)> =
            against.tip.graph.live().filter_map(|at| change(scope, against, &against.tip.graph.nodes[at])).collect();
        let Some((node, what)) = changes.first() else { continue };
        let message = match changes.len() {
            1 => format!("{what}; `{}` has it already", against.name),
            n => format!("{n} revisions that `{}` has already were changed, among them: {what}", against.name),
        };
        let here = scope.tree.graph.find(&node.id).map(|at| at_revision(&scope.tree.graph.nodes[at].script, ""));
        let was = node.script.path();
        let help = match scope.tree.graph.find(&node.id).map(|at| scope.tree.graph.nodes[at].script.path()) {
            Some(path) if path == was => {
                vec![
                    format!("git checkout {} -- {}", against.name, was.typed()),
                    "and make the change in a new revision".to_owned(),
                ]
            }
            Some(path) => vec![format!("git mv {} {}", path.typed(), was.typed())],
            None => vec![format!("git checkout {} -- {}", against.name, was.typed())],
        };
        reporter.report(Finding {
            message,
            revisions: changes.iter().map(|(node, _)| node.id.clone()).collect(),
            labels: here.into_iter().collect(),
            help,
            ..Finding::default()
        });
    }
}

/// What the tree that is checked does to a revision of the base branch: something only if every parent still had it
/// as the base branch has it, and merging would not leave it so (a branch that went back to before it takes nothing away).
fn change<'a>(scope: &Scope, against: &Against, published: &'a Node) -> Option<(&'a Node, String)> {
    let has_it = |tree: &Tree| {
        tree.graph.find(&published.id).is_some_and(|at| tree.graph.nodes[at].script.source == published.script.source)
    };
    if scope.parents.is_empty() || !scope.parents.iter().all(|parent| has_it(parent)) || has_it(&against.merged) {
        return None;
    }
    let Some(at) = scope.tree.graph.find(&published.id) else {
        return Some((published, format!("revision `{}` was deleted", published.id)));
    };
    let (now, was) = (&scope.tree.graph.nodes[at].script, &published.script);
    if now.source == was.source {
        return None;
    }
    if now.source.text != was.source.text {
        return (!now.same_code(was)).then(|| (published, format!("revision `{}` was edited", published.id)));
    }
    Some((published, format!("the file of revision `{}` was renamed from {}", published.id, was.path())))
}
