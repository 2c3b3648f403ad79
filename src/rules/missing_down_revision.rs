use super::{Check, Finding, Reporter, View, at_down_revision, declare_rule, label};
use crate::migration::Graph;

declare_rule! {
    /// A revision follows one that does not exist.
    ///
    /// ## Why is this bad?
    /// Every Alembic command dies of a bare `KeyError: 'zz'` as soon as it loads the revisions. It happens when a file is
    /// deleted or left out of the commit, when a branch is picked without the one it grew from, and when an id is cut
    /// short: Alembic does not complete ids in files.
    ///
    /// A `depends_on` that names nothing fails the same way, but may be meant for a package that is not in this repository: a warning,
    /// and none where the project has such dependencies already, or loads revisions from several folders.
    ///
    /// ## Example
    /// ```python
    /// revision = "b2f1"
    /// down_revision = "a1c"  # the file says revision = "a1c0"
    /// ```
    ///
    /// ## Fix
    /// Add or restore the file of the missing revision, or name the revision that this one really follows.
    "missing-down-revision", Error, Check::Tree(check)
}

fn check(view: &View, reporter: &mut Reporter) {
    let graph = &view.tree.graph;
    // one of the files we could not read may be it
    if view.tree.unknown_scripts().next().is_some() {
        return;
    }
    for at in graph.live() {
        let node = &graph.nodes[at];
        for missing in node.down.iter().filter(|id| graph.find(id).is_none()) {
            let lacks = |other: &Graph| {
                other.find(missing).is_none()
                    && other.find(&node.id).is_some_and(|at| other.nodes[at].down.contains(missing))
            };
            reporter.report(Finding {
                was_there: !view.is_new(|tree| lacks(&tree.graph)),
                message: match missing.as_str() {
                    "" => format!("`{}` follows a revision without a name; the first one says `None`", node.id),
                    _ => format!("`{}` follows `{missing}`, which does not exist{}", node.id, merged(view)),
                },
                revisions: vec![node.id.clone()],
                labels: vec![at_down_revision(node, "no file declares this revision")],
                help: remedy(view, missing),
                ..Finding::default()
            });
        }
        for missing in node.depends_on.iter().filter(|name| graph.find_dependency(name).is_none()) {
            let has_such = |other: &Graph| {
                other.nodes.iter().any(|node| node.depends_on.iter().any(|name| other.find_dependency(name).is_none()))
            };
            // what Alembic loads is sure only where a configuration names one folder
            let sure = view.environment.config.is_some() && view.environment.version_locations.len() == 1;
            if !sure || !view.is_new(|tree| has_such(&tree.graph)) {
                continue;
            }
            reporter.report(Finding {
                warning: true,
                message: format!(
                    "`{}` depends on `{missing}`, which is no revision or branch label here{}",
                    node.id,
                    merged(view)
                ),
                revisions: vec![node.id.clone()],
                labels: vec![label(
                    &node.script,
                    node.script.header.depends_on.as_ref().map(|field| field.span),
                    "nothing has this name",
                )],
                help: vec!["name a revision, by its whole id, or a branch label".into()],
                ..Finding::default()
            });
        }
    }
}

fn merged(view: &View) -> String {
    view.merged_with.map(|base| format!(" once merged with `{base}`")).unwrap_or_default()
}

fn remedy(view: &View, missing: &str) -> Vec<String> {
    let mut completions =
        view.tree.graph.live().map(|at| &view.tree.graph.nodes[at].id).filter(|id| id.starts_with(missing));
    if let (false, Some(whole), None) = (missing.is_empty(), completions.next(), completions.next()) {
        return vec![format!("write the whole id: \"{whole}\"")];
    }
    let was = view.before.iter().find_map(|tree| Some(&tree.graph.nodes[tree.graph.find(missing)?]));
    match (was, view.merged_with) {
        (Some(node), None) => vec![
            format!("`{missing}` was in {}: restore it,", node.script.path()),
            "or name the revision that this one really follows".into(),
        ],
        _ => vec!["add the file that declares it, or name the revision that this one really follows".into()],
    }
}
