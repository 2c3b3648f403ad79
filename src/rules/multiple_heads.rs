use super::heads;
use super::{Check, Finding, Reporter, View, at_down_revision, declare_rule, list};
use crate::diagnostic::Side;
use crate::migration::Node;

declare_rule! {
    /// More heads than before: two revisions follow the same one.
    ///
    /// ## Why is this bad?
    /// `alembic upgrade head` fails with "Multiple head revisions are present for given argument 'head'", and so does
    /// `alembic revision`. `alembic upgrade heads` and `alembic check` do not notice: two changes that nobody has seen
    /// together run in an order nobody chose.
    ///
    /// Only heads that come with the commit refuse it. Meant are: a head under a branch label of its own, and what `[heads]` in
    /// `onehead.toml` allows (`max`, `new-bases`). Heads by `down_revision` count: `depends_on` does not join them.
    ///
    /// ## Example
    /// ```python
    /// # b2f1_payments.py
    /// revision = "b2f1"
    /// down_revision = "a1c0"
    ///
    /// # c9d4_grants.py
    /// revision = "c9d4"
    /// down_revision = "a1c0"
    /// ```
    ///
    /// ## Fix
    /// `alembic merge heads -m "merge_migration_heads_20261122"` writes a revision that follows both. Or, while one of them is
    /// not yet published, set its `down_revision` to the other head.
    "multiple-heads", Error, Check::Tree(check)
}

fn check(view: &View, reporter: &mut Reporter) {
    if view.merged_with.is_some() {
        return; // `forked-from-base` has more to say about that
    }
    let graph = &view.tree.graph;
    let allowed = heads::allowed(view.before.iter().map(|tree| &tree.graph), view.settings);
    let count = heads::count(graph, view.settings);
    let (plain, all) = (heads::plain(graph, view.settings), heads::all(graph));
    let ids = |ats: &[usize]| ats.iter().map(|&at| graph.nodes[at].id.clone()).collect::<Vec<_>>();
    if count <= allowed || all.len() < 2 {
        // a graph with one plain head beside labelled ones is in order, and so are as many as the project wants
        if count > view.settings.heads.max && plain.len() > 1 {
            let message = format!("{count} heads were there before: {}", list(ids(&plain)));
            reporter.report(Finding { was_there: true, message, revisions: ids(&plain), ..Finding::default() });
        }
        return;
    }
    // a new base beside heads that all carry labels collides with those
    let candidates = if plain.len() > 1 { plain } else { all };
    // what follows a revision that is not there is no head to merge: its `down_revision` is to be mended first
    let is_lost = |node: &Node| {
        node.down.iter().any(|id| graph.find(id).is_none()) && view.is_new(|tree| tree.graph.find(&node.id).is_some())
    };
    let lost = graph.live().filter(|&at| is_lost(&graph.nodes[at]));
    let lost = graph.reach(lost, |node| node.children.iter().copied());
    let n_lost = candidates.iter().filter(|&at| lost.contains(at)).count();
    if candidates.len() - n_lost <= allowed {
        return;
    }
    let side = |at: usize| {
        let id = &graph.nodes[at].id;
        match view.before.iter().position(|tree| tree.graph.find(id).is_some()) {
            Some(parent) => Side::Parent(parent),
            None => Side::Ours,
        }
    };
    // separate histories do not collide with each other, unless the new one is what there is too much of
    let related = heads::related(graph, &candidates);
    let all_new_related = candidates.iter().all(|at| side(*at) != Side::Ours || related.contains(at));
    let collide = if all_new_related { related } else { candidates };
    // what can still be put behind the other comes first: what is new here, and what is not on the base branch
    let settled = |at: usize| match side(at) {
        Side::Parent(parent) if view.published == Some(parent) => 2,
        _ if view.bases.iter().any(|base| base.graph.find(&graph.nodes[at].id).is_some()) => 2,
        Side::Ours => 0,
        Side::Parent(_) | Side::Base(_) => 1,
    };
    let mut order = collide.clone();
    order.sort_by_key(|&at| (settled(at), at));
    let fork = heads::fork(graph, &order, side);
    let first = heads::first_of_branch(graph, order[0], &order);
    let other = order[1..].iter().find(|&&at| side(at) != Side::Ours).or(order.get(1)).copied().unwrap_or(order[0]);
    let second = heads::first_of_branch(graph, other, &order);
    let message = match &fork.parent {
        Some(parent) => format!("{} heads: {} part at `{}`", order.len(), list(ids(&order)), parent.id),
        None => format!("{} heads: {} have no revision in common", order.len(), list(ids(&order))),
    };
    let mut labels = vec![at_down_revision(&graph.nodes[first], "one head grows from here")];
    if second != first {
        labels.push(at_down_revision(&graph.nodes[second], "and another from here"));
    }
    let mut help = vec![heads::merge_command(view, graph, &order), heads::record_command(view)];
    let (first, other) = (&graph.nodes[first], &graph.nodes[other]);
    help.push(format!(
        "or, while {} is not published: set `down_revision = \"{}\"` in {}",
        list([&first.id]),
        other.id,
        first.script.path()
    ));
    reporter.report(Finding { message, revisions: ids(&order), labels, fork: Some(fork), help, ..Finding::default() });
}
