use super::{Check, Finding, Reporter, View, at_down_revision, declare_rule, list};
use crate::migration::{Graph, LoadError};

declare_rule! {
    /// Revisions follow each other in a circle.
    ///
    /// ## Why is this bad?
    /// There is no order in which they could run. Alembic mostly refuses to load them ("Cycle is detected in revisions",
    /// "Self-loop is detected in revisions"), but it does not notice a circle that lies between a base and a head: then it
    /// runs the revisions in an order that breaks what one of them asks for.
    ///
    /// ## Example
    /// ```python
    /// # a1c0.py
    /// down_revision = "b2f1"
    ///
    /// # b2f1.py
    /// down_revision = "a1c0"
    /// ```
    ///
    /// ## Fix
    /// Make one of them follow what it followed before.
    "revision-cycle", Error, Check::Tree(check)
}

fn check(view: &View, reporter: &mut Reporter) {
    let graph = &view.tree.graph;
    for cycle in graph.cycles() {
        let ids = ids(graph, &cycle);
        let noticed = match graph.load_error() {
            Some(
                error @ (LoadError::Cycle(_)
                | LoadError::DependencyCycle(_)
                | LoadError::SelfLoop(_)
                | LoadError::DependencySelfLoop(_)),
            ) => {
                format!("Alembic says: {error}")
            }
            _ => "Alembic loads it without a word".into(),
        };
        let (message, help) = match &ids[..] {
            [id] => (format!("`{id}` follows itself"), "name the revision that it really follows"),
            _ => (
                format!("{} follow each other in a circle", list(&ids)),
                "make one of them follow what it followed before",
            ),
        };
        let merged = view.merged_with.map(|base| format!(" once merged with `{base}`")).unwrap_or_default();
        reporter.report(Finding {
            was_there: !view
                .is_new(|tree| tree.graph.cycles().iter().any(|cycle| same(&self::ids(&tree.graph, cycle), &ids))),
            message: message + &merged,
            labels: cycle.iter().take(3).map(|&at| at_down_revision(&graph.nodes[at], "")).collect(),
            revisions: ids,
            notes: vec![noticed],
            help: vec![help.into()],
            ..Finding::default()
        });
    }
}

fn ids(graph: &Graph, ats: &[usize]) -> Vec<String> {
    ats.iter().map(|&at| graph.nodes[at].id.clone()).collect()
}

/// The same ids, in whatever order the files load.
fn same(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().all(|id| b.contains(id))
}
