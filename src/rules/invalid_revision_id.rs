use super::{Check, Finding, Reporter, View, at_revision, declare_rule};
use crate::migration::{Graph, illegal_characters};

declare_rule! {
    /// A revision's id cannot be used as one.
    ///
    /// ## Why is this bad?
    /// `@`, `-`, `+` and `:` mean something on Alembic's command line, and it refuses to load an id that holds one
    /// (`:` since 1.17.1; so a UUID with dashes is no id). An id of more than 32 characters does not fit the column
    /// `alembic_version.version_num`, and PostgreSQL fails with "value too long for type character varying(32)" when
    /// the revision runs. Projects that have made the column wider, and so have longer ids already, are left alone, and so is SQLite,
    /// which does not count.
    ///
    /// ## Example
    /// ```python
    /// revision = "2026-11-22-payments"
    /// ```
    ///
    /// ## Fix
    /// Use at most 32 letters, digits and underscores.
    "invalid-revision-id", Error, Check::Tree(check)
}

const MAX_LENGTH: usize = 32;

fn check(view: &View, reporter: &mut Reporter) {
    let graph = &view.tree.graph;
    let too_long = |graph: &Graph| graph.nodes.iter().any(|node| node.id.chars().count() > MAX_LENGTH);
    let sqlite = view.environment.url_scheme.as_deref() == Some("sqlite");
    for node in graph.live().map(|at| &graph.nodes[at]) {
        let was_there = !view.is_new(|tree| tree.graph.find(&node.id).is_some());
        let length = node.id.chars().count();
        let problem = match illegal_characters(&node.id) {
            Some(characters) => format!("id `{}` holds `{characters}`, which Alembic refuses", node.id),
            None if length > MAX_LENGTH && !sqlite && (was_there || view.is_new(|tree| too_long(&tree.graph))) => {
                format!("id `{}` has {length} characters, and the version table takes {MAX_LENGTH}", node.id)
            }
            None => continue,
        };
        reporter.report(Finding {
            was_there,
            message: problem,
            revisions: vec![node.id.clone()],
            labels: vec![at_revision(&node.script, "")],
            help: vec![format!("use at most {MAX_LENGTH} letters, digits and underscores")],
            ..Finding::default()
        });
    }
}
