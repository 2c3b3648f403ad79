//! What the two rules about heads share: which heads count, where they part, what to type. No rule itself.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::config::Settings;
use crate::diagnostic::{Branch, Fork, Revision, Side};
use crate::migration::{Graph, Node, Problem, Script};
use crate::source::{RepoPath, typed};

use super::View;

/// Revisions that nothing follows. Unlike Alembic's own list this one sees past duplicate ids: a file that lost its id to
/// another still follows what it follows, and is a head of its own where the two files mean different things. A file whose id
/// cannot be told follows what it follows, too.
pub fn all(graph: &Graph) -> Vec<usize> {
    let mut followed = vec![false; graph.nodes.len()];
    graph.nodes.iter().flat_map(|node| &node.parents).for_each(|&parent| followed[parent] = true);
    let unnamed = graph.others.iter().filter_map(|script| script.header.down_revision.as_ref()?.value.as_ref());
    unnamed.flatten().filter_map(|id| graph.find(id)).for_each(|parent| followed[parent] = true);
    let stands = |&at: &usize| match graph.find(&graph.nodes[at].id) {
        Some(live) if live != at => followed[live] && graph.nodes[live].down != graph.nodes[at].down,
        _ => !followed[at],
    };
    (0..graph.nodes.len()).filter(stands).collect()
}

/// Heads that nobody meant: those that share every label with another head, or carry none. A head under a label of its
/// own is meant (`alembic revision --branch-label`); so are separate histories where `[heads] new-bases` says so.
pub fn plain(graph: &Graph, settings: &Settings) -> Vec<usize> {
    let heads = all(graph);
    let labels: Vec<BTreeSet<&str>> = heads.iter().map(|&at| graph.labels(at)).collect();
    let mut carriers: HashMap<&str, usize> = HashMap::new();
    for label in labels.iter().flatten() {
        *carriers.entry(label).or_default() += 1;
    }
    let has_own = |labels: &BTreeSet<&str>| labels.iter().any(|label| carriers[label] == 1);
    let plain: Vec<usize> =
        heads.iter().zip(&labels).filter(|(_, labels)| !has_own(labels)).map(|(&at, _)| at).collect();
    if !settings.heads.new_bases {
        return plain;
    }
    // of each separate history only the heads beyond its first collide
    let lineages: Vec<HashSet<usize>> = plain.iter().map(|&at| graph.lineage(at)).collect();
    let joined = |a: usize, b: usize| a != b && !lineages[a].is_disjoint(&lineages[b]);
    let alone = |a: &usize| !(0..plain.len()).any(|b| joined(*a, b));
    let n_alone = (0..plain.len()).filter(alone).count();
    if n_alone == plain.len() {
        return plain.into_iter().take(1).collect();
    }
    (0..plain.len()).filter(|at| !alone(at)).map(|at| plain[at]).collect()
}

/// How many heads a tree has that nobody meant. A file whose parent cannot be told most likely follows one of them.
pub fn count(graph: &Graph, settings: &Settings) -> usize {
    plain(graph, settings).len().saturating_sub(unknown(graph))
}

/// How many files there are whose parent cannot be told.
fn unknown(graph: &Graph) -> usize {
    let unknown = |script: &&Arc<Script>| {
        let down_revision = script.header.down_revision.as_ref();
        script.header.problem != Some(Problem::NoRevision) && down_revision.is_none_or(|field| field.value.is_none())
    };
    graph.live().filter(|&at| graph.nodes[at].unknown_parents).count() + graph.others.iter().filter(unknown).count()
}

/// How many there may be: as many as a tree before had, or as the configuration allows. A tree without any head, or
/// with heads that a file of unknown parents may follow, had room for one.
pub fn allowed<'a>(before: impl IntoIterator<Item = &'a Graph>, settings: &Settings) -> usize {
    let unsure = |graph: &Graph| all(graph).is_empty() || unknown(graph) > 0;
    let room = |graph: &Graph| count(graph, settings).max(usize::from(unsure(graph)));
    let before = before.into_iter().map(room).max().unwrap_or(1);
    if settings.heads.max > 1 { before.max(settings.heads.max) } else { before }
}

/// The command that joins these heads, as it is typed at the root of the repository. Where there are others, which are
/// meant to stay apart, it names them.
pub fn merge_command(view: &View, graph: &Graph, heads: &[usize]) -> String {
    let which = match graph.heads().iter().all(|at| heads.contains(at)) {
        true => "heads".to_owned(),
        false => heads.iter().map(|&at| typed(&graph.nodes[at].id)).collect::<Vec<_>>().join(" "),
    };
    let command = format!("{} merge {which} -m \"merge_migration_heads_{}\"", view.environment.command, view.today);
    // what is typed next is typed at the root again
    if command.starts_with("cd ") { format!("({command})") } else { command }
}

/// The command that records what the merge command wrote.
pub fn record_command(view: &View) -> String {
    let folder = view.environment.version_locations.first().map(RepoPath::typed).unwrap_or_default();
    format!("git add {folder} && git commit")
}

/// Where these heads part. `side` tells where each came from.
pub fn fork(graph: &Graph, heads: &[usize], side: impl Fn(usize) -> Side) -> Fork {
    let lineages: Vec<HashSet<usize>> = heads.iter().map(|&at| graph.lineage(at)).collect();
    let parent = parting(graph, &lineages);
    let below = parent.map(|at| graph.lineage(at)).unwrap_or_default();
    let branches = heads.iter().zip(&lineages).map(|(&at, lineage)| Branch {
        head: revision(&graph.nodes[at]),
        between: lineage.difference(&below).count().saturating_sub(1),
        side: side(at),
        note: String::new(),
    });
    Fork { parent: parent.map(|at| revision(&graph.nodes[at])), branches: branches.collect() }
}

/// The first revision of the head's own branch: the one to put behind the other head instead of merging.
pub fn first_of_branch(graph: &Graph, head: usize, others: &[usize]) -> usize {
    let foreign: HashSet<usize> = others.iter().filter(|&&at| at != head).flat_map(|&at| graph.lineage(at)).collect();
    let mut at = head;
    let mut seen = HashSet::from([at]);
    while let Some(&parent) = graph.nodes[at].parents.iter().find(|&parent| !foreign.contains(parent)) {
        if !seen.insert(parent) {
            break;
        }
        at = parent;
    }
    at
}

/// Of these heads, those that have a revision in common with another of them; all, where none has.
pub fn related(graph: &Graph, heads: &[usize]) -> Vec<usize> {
    let bases = |at: usize| graph.lineage(at).into_iter().filter(|&at| graph.nodes[at].parents.is_empty()).collect();
    let bases: Vec<HashSet<usize>> = heads.iter().map(|&at| bases(at)).collect();
    let shares = |a: usize| (0..heads.len()).any(|b| a != b && !bases[a].is_disjoint(&bases[b]));
    let related: Vec<usize> = (0..heads.len()).filter(|&at| shares(at)).map(|at| heads[at]).collect();
    if related.is_empty() { heads.to_vec() } else { related }
}

/// The nearest revision that all lineages share: the one whose own lineage is the largest.
fn parting(graph: &Graph, lineages: &[HashSet<usize>]) -> Option<usize> {
    let (first, rest) = lineages.split_first()?;
    let shared: HashSet<usize> =
        first.iter().copied().filter(|at| rest.iter().all(|lineage| lineage.contains(at))).collect();
    // a shared revision without a shared child; of several (after merges) the one that loads last
    shared.iter().copied().filter(|&at| !graph.nodes[at].children.iter().any(|child| shared.contains(child))).max()
}

fn revision(node: &Node) -> Revision {
    Revision { id: node.id.clone(), message: node.script.header.message.clone(), path: node.script.path().clone() }
}
