//! In which order revisions are replayed, and what one branch lacks of another. Alembic's own order decides where branches join;
//! where Alembic would have none (a broken graph), some order in which parents come first.

use std::cell::OnceCell;
use std::collections::{BinaryHeap, HashMap};

use crate::migration::{Graph, Node};

/// At most so many parents are joined; with more, what the others bring is not known.
pub const MOST_PARENTS: usize = 64;

pub struct Plan {
    /// Revisions to replay, parents first.
    pub order: Vec<usize>,
    /// Of each node, what must have run before it, as far as that is in the graph and comes before it.
    pub above: Vec<Vec<usize>>,
    /// Whether a node has ancestors that are not among these.
    pub lacks_ancestors: Vec<bool>,
    /// Of each node, its place in `order`.
    place: Vec<usize>,
    alembic: OnceCell<Option<Vec<usize>>>,
}

impl Plan {
    pub fn new(graph: &Graph, wanted: impl Iterator<Item = usize>) -> Plan {
        let mut above: Vec<Vec<usize>> = graph.nodes.iter().map(parents).collect();
        let mut lacks_ancestors: Vec<bool> = graph.nodes.iter().map(|node| lacks(graph, node)).collect();
        let order = sort(&above, wanted);
        let mut place = vec![usize::MAX; above.len()];
        order.iter().enumerate().for_each(|(index, &at)| place[at] = index);
        for &at in &order {
            let n_parents = above[at].len();
            above[at].retain(|&parent| place[parent] < place[at]);
            above[at].truncate(MOST_PARENTS);
            lacks_ancestors[at] |= above[at].len() < n_parents;
        }
        Plan { order, above, lacks_ancestors, place, alembic: OnceCell::new() }
    }

    /// The one of these revisions with most ancestors, and what the others have that it lacks, in Alembic's order.
    pub fn lacking(&self, graph: &Graph, of: &[usize]) -> (usize, Vec<usize>) {
        let of = &of[..of.len().min(MOST_PARENTS)];
        let all = if of.len() == MOST_PARENTS { u64::MAX } else { (1u64 << of.len()) - 1 };
        let mut below: HashMap<usize, u64> = HashMap::new();
        let mut todo = BinaryHeap::new();
        let mut n_apart = 0;
        let mut reach = |at: usize, colours: u64, todo: &mut BinaryHeap<_>, n_apart: &mut usize| {
            let own = below.entry(at).or_insert_with(|| {
                todo.push((self.place[at], at));
                *n_apart += 1;
                0
            });
            if *own != all && *own | colours == all {
                *n_apart -= 1;
            }
            *own |= colours;
            *own
        };
        for (index, &at) in of.iter().enumerate() {
            reach(at, 1 << index, &mut todo, &mut n_apart);
        }
        // the latest first: all that lies above a revision has been seen before it
        let mut apart = Vec::new();
        while n_apart > 0
            && let Some((_, at)) = todo.pop()
        {
            let colours = reach(at, 0, &mut todo, &mut n_apart);
            if colours != all {
                n_apart -= 1;
                apart.push((at, colours));
            }
            for &parent in &self.above[at] {
                reach(parent, colours, &mut todo, &mut n_apart);
            }
        }
        let count = |index: usize| apart.iter().filter(|(_, colours)| colours >> index & 1 == 1).count();
        // of several the last: Alembic runs it first
        let base = (0..of.len()).max_by_key(|&index| count(index)).unwrap_or(0);
        let lacks = apart.iter().filter(|(_, colours)| colours >> base & 1 == 0);
        let mut res: Vec<usize> = lacks.map(|(at, _)| *at).collect();
        let ranks = self.alembic.get_or_init(|| ranks(graph));
        res.sort_by_key(|&at| (ranks.as_ref().map_or(0, |ranks| ranks[at]), self.place[at]));
        (of[base], res)
    }
}

impl Plan {
    /// Whether Alembic runs a revision before all of these; asked of what `lacking` tells.
    pub fn runs_before(&self, base: usize, lacking: &[usize]) -> bool {
        let ranks = self.alembic.get().and_then(Option::as_ref);
        ranks.is_some_and(|ranks| lacking.iter().all(|&at| ranks[base] < ranks[at]))
    }
}

/// Of each node, its place in `alembic upgrade heads`.
fn ranks(graph: &Graph) -> Option<Vec<usize>> {
    let order = graph.upgrade_order()?;
    let mut res = vec![usize::MAX; graph.nodes.len()];
    order.iter().enumerate().for_each(|(rank, &at)| res[at] = rank);
    Some(res)
}

fn parents(node: &Node) -> Vec<usize> {
    let own = node.normalized_dependencies.iter().filter(|at| !node.parents.contains(at));
    node.parents.iter().chain(own).copied().collect()
}

fn lacks(graph: &Graph, node: &Node) -> bool {
    node.unknown_parents
        || node.down.iter().any(|id| graph.find(id).is_none())
        || node.depends_on.iter().any(|name| graph.find_dependency(name).is_none())
}

/// The wanted and all above them, parents first, one branch after the other. What lies on a cycle comes in some order.
fn sort(above: &[Vec<usize>], wanted: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut entered = vec![false; above.len()];
    let mut res = Vec::new();
    for start in wanted {
        if std::mem::replace(&mut entered[start], true) {
            continue;
        }
        let mut path = vec![(start, 0)];
        while let Some((at, next)) = path.last_mut() {
            match above[*at].get(*next) {
                Some(&parent) => {
                    *next += 1;
                    if !std::mem::replace(&mut entered[parent], true) {
                        path.push((parent, 0));
                    }
                }
                None => {
                    res.push(*at);
                    path.pop();
                }
            }
        }
    }
    res
}
