use std::collections::BTreeMap;

use super::{Check, Finding, Reporter, View, at_revision, declare_rule, label};
use crate::migration::Script;

declare_rule! {
    /// Two files declare the same revision.
    ///
    /// ## Why is this bad?
    /// Alembic warns ("Revision b2f1 is present more than once"), runs only the file that it loads last, and counts the
    /// other as a head that can never be reached: `alembic upgrade head` fails. It happens when a file is copied
    /// or renamed on one branch only, and when ids are numbered by hand.
    ///
    /// A branch label that two revisions declare, or that equals a revision's id, is the same mistake: Alembic refuses to load it.
    ///
    /// ## Example
    /// ```python
    /// # 0042_payments.py
    /// revision = "0042"
    ///
    /// # 0042_grants.py
    /// revision = "0042"
    /// ```
    ///
    /// ## Fix
    /// Give one of them an id of its own, in its file and wherever another file follows it. Merging heads does not help: the two
    /// would still be one to Alembic. If one file is a copy of the other, delete it.
    "duplicate-revision", Error, Check::Tree(check)
}

fn check(view: &View, reporter: &mut Reporter) {
    let graph = &view.tree.graph;
    let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, node) in graph.nodes.iter().enumerate() {
        by_id.entry(&node.id).or_default().push(at);
    }
    let merged = view.merged_with.map(|base| format!(" once merged with `{base}`")).unwrap_or_default();
    for (id, ats) in by_id.into_iter().filter(|(_, ats)| ats.len() > 1) {
        let scripts: Vec<_> = ats.iter().map(|&at| &graph.nodes[at].script).collect();
        let (last, first) = (scripts[ats.len() - 1], scripts[0]);
        // the one to change is the one that nobody else has yet
        let published = if view.merged_with.is_some() { &view.before[1..] } else { &view.before[..] };
        let is_published =
            |script: &Script| published.iter().any(|tree| tree.scripts().any(|other| other.source == script.source));
        let own = scripts.iter().find(|script| !is_published(script)).unwrap_or(&first);
        let help = if first.source.text == last.source.text {
            format!("the files are equal: git rm -f {}", own.path().typed())
        } else {
            format!("give {} a new id, and name that in the `down_revision` of what follows it", own.path())
        };
        reporter.report(Finding {
            was_there: !view.is_new(|tree| tree.graph.nodes.iter().filter(|node| node.id == id).count() >= ats.len()),
            message: format!("{} files declare revision `{id}`{merged}", ats.len()),
            revisions: vec![id.to_owned()],
            labels: vec![at_revision(last, "Alembic runs this one"), at_revision(first, "and drops this one")],
            help: vec![help],
            ..Finding::default()
        });
    }
    for (name, at, by) in graph.taken_labels() {
        let (node, owner) = (&graph.nodes[at], &graph.nodes[by]);
        let at_labels = |node: &crate::migration::Node, text: &str| {
            label(&node.script, node.script.header.branch_labels.as_ref().map(|field| field.span), text)
        };
        let taken = |tree: &crate::project::Tree| tree.graph.taken_labels().iter().any(|(label, ..)| *label == name);
        reporter.report(Finding {
            was_there: !view.is_new(taken),
            message: format!("branch label `{name}` of `{}` is taken by `{}`{merged}", node.id, owner.id),
            revisions: vec![node.id.clone(), owner.id.clone()],
            labels: vec![at_labels(node, "declared here")],
            help: vec!["give it another label".into()],
            ..Finding::default()
        });
    }
}
