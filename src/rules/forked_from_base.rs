use super::heads;
use super::{Check, Finding, Reporter, View, at_down_revision, declare_rule, list};
use crate::diagnostic::Side;
use crate::migration::Node;
use crate::project::{Against, Moment, Scope, Tree};

declare_rule! {
    /// The base branch has another revision where this one goes: merged, there are two heads.
    ///
    /// ## Why is this bad?
    /// Each branch has one head and passes every test by itself; git merges them without a conflict, since the files have different
    /// names; and then `alembic upgrade head` fails for everybody.
    ///
    /// The commit that adds a colliding revision is refused, and so is the push that publishes it. A commit that adds none, on a
    /// branch that the base branch has overtaken, is warned. Where the base branch is, as last fetched: `base` in `onehead.toml`, else
    /// `develop`, `main`, `master` or the remote's default branch, on the remote and here. Nothing is fetched. A
    /// branch that goes elsewhere, such as a release branch, says so with `base` in its `onehead.toml`.
    ///
    /// ## Example
    /// ```python
    /// # on your branch: b2f1_payments.py
    /// down_revision = "a1c0"
    ///
    /// # on develop meanwhile: c9d4_grants.py
    /// down_revision = "a1c0"
    /// ```
    ///
    /// ## Fix
    /// Bring the base branch in (`git merge develop`), then put your revision behind its head
    /// (`down_revision = "c9d4"`), or join the two with `alembic merge heads`.
    "forked-from-base", Error, Check::Scope(check)
}

fn check(view: &View, scope: &Scope, reporter: &mut Reporter) {
    // more heads than any parent: `multiple-heads` says so, and the base branch changes nothing about it
    let parents = scope.parents.iter().map(|parent| &parent.graph);
    if heads::count(&scope.tree.graph, view.settings) > heads::allowed(parents, view.settings).max(1) {
        return;
    }
    for (number, against) in scope.against.iter().enumerate() {
        check_against(view, scope, against, number, reporter);
    }
}

fn check_against(view: &View, scope: &Scope, against: &Against, number: usize, reporter: &mut Reporter) {
    let graph = &against.merged.graph;
    if heads::count(graph, view.settings) <= heads::allowed([&against.tip.graph], view.settings).max(1) {
        return;
    }
    let plain = heads::plain(graph, view.settings);
    let all = if plain.len() > 1 { plain } else { heads::all(graph) };
    let has = |tree: &Tree, at: usize| tree.graph.find(&graph.nodes[at].id).is_some();
    let sides = |heads: &[usize]| -> (Vec<usize>, Vec<usize>) {
        let (theirs, ours): (Vec<usize>, Vec<usize>) = heads.iter().partition(|&&at| has(&against.tip, at));
        (ours, theirs.into_iter().filter(|&at| !has(&scope.tree, at)).collect())
    };
    // separate histories do not collide with each other, unless there is nothing else
    let (ours, theirs) = match sides(&heads::related(graph, &all)) {
        (ours, theirs) if !ours.is_empty() && !theirs.is_empty() => (ours, theirs),
        _ => sides(&all),
    };
    let (Some(&our_head), Some(&their_head)) = (ours.first(), theirs.first()) else { return };

    let order = [&ours[..], &theirs[..]].concat();
    let fork = heads::fork(graph, &order, |at| if ours.contains(&at) { Side::Ours } else { Side::Base(number) });
    let first = &graph.nodes[heads::first_of_branch(graph, our_head, &order)];
    let their_head = &graph.nodes[their_head];
    let ids = |ats: &[usize]| ats.iter().map(|&at| graph.nodes[at].id.clone()).collect::<Vec<_>>();
    let is_new = |node: &Node| !scope.parents.iter().any(|parent| parent.graph.find(&node.id).is_some());
    let overtaken = !ours.iter().any(|&at| is_new(&graph.nodes[at]));

    let message = match &fork.parent {
        Some(parent) => format!(
            "merged with `{}` there are {} heads: {} here and {} there part at `{}`",
            against.name,
            order.len(),
            list(ids(&ours)),
            list(ids(&theirs)),
            parent.id
        ),
        None => format!(
            "merged with `{}` there are {} heads: {} here and {} there have no revision in common",
            against.name,
            order.len(),
            list(ids(&ours)),
            list(ids(&theirs))
        ),
    };
    let label = at_down_revision(first, format!("`{}` goes on to `{}` from here", against.name, their_head.id));
    let reparent = format!("set `down_revision = \"{}\"` in {}", their_head.id, first.script.path());
    let help = if view.moment == Moment::Committed || overtaken {
        // a merge without the revision that joins the heads would be refused in turn
        let mut help = vec![format!("git merge --no-commit {}", against.name)];
        help.push(heads::merge_command(view, graph, &order));
        help.push(heads::record_command(view));
        help.push(format!(
            "or, while {} is not published: git rebase {}, then {reparent}",
            list([&first.id]),
            against.name
        ));
        help
    } else if is_new(first) {
        vec![
            format!("git stash --include-untracked && git merge {} && git stash pop", against.name),
            reparent,
            format!("git add {} && git commit", first.script.path().typed()),
        ]
    } else {
        // merging alone would be refused: what collides is committed already
        vec![
            format!("git stash --include-untracked && git merge --no-commit {}", against.name),
            reparent,
            format!("git add {} && git commit && git stash pop", first.script.path().typed()),
        ]
    };
    reporter.report(Finding {
        warning: overtaken,
        message,
        revisions: ids(&order),
        labels: vec![label],
        fork: Some(fork),
        help,
        ..Finding::default()
    });
}
