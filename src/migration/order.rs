//! The order in which Alembic runs revisions (`RevisionMap._topological_sort`): whole branches at a time, the branch
//! whose head loads last first, under a merge the last parent first.

use std::collections::HashMap;

use super::graph::{Graph, Node};

impl Graph {
    /// The order of `alembic upgrade heads` on an empty database; `None` where Alembic would fail, or where a parent
    /// cannot be told. Where one revision has several `depends_on`, Alembic's order depends on its hash seed; this is one of them.
    pub fn upgrade_order(&self) -> Option<Vec<usize>> {
        let unsure = self.nodes.iter().any(|node| node.unknown_parents || node.script.header.problem.is_some());
        if unsure || !self.others.is_empty() || self.load_error().is_some() {
            return None;
        }
        let mut targets = self.effective_heads();
        // a replaced declaration is asked for by its id, and so stands for the one that counts
        targets.iter_mut().for_each(|at| *at = self.find(&self.nodes[*at].id).unwrap_or(*at));
        targets.sort_unstable();
        targets.dedup();
        if self.overlap(&targets) {
            return None;
        }
        let mut order = self.descend(&targets)?;
        order.reverse();
        Some(order)
    }

    /// Whether one target lies below another (Alembic: "overlaps with other requested revisions").
    fn overlap(&self, targets: &[usize]) -> bool {
        let below = self.reach(targets.iter().flat_map(|&at| above(&self.nodes[at])), above);
        targets.iter().any(|at| below.contains(at))
    }

    /// Walks from the targets down, one branch at a time; a revision that another open branch still needs waits.
    /// `None` when branches wait for each other: a cycle that loading did not notice.
    fn descend(&self, targets: &[usize]) -> Option<Vec<usize>> {
        let mut first_seen: HashMap<&str, usize> = HashMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            first_seen.entry(&node.id).or_insert(at);
        }
        let mut current = targets.to_vec();
        current.sort_by_key(|&at| first_seen.get(self.nodes[at].id.as_str()));
        let table: Vec<Vec<usize>> = self.nodes.iter().map(|node| above(node).collect()).collect();
        let mut ancestors: Vec<Set> = current.iter().map(|&at| reached(&table, &[at])).collect();
        let mut todo = reached(&table, targets);

        let mut output = Vec::new();
        let (mut branch, mut waits) = (0, 0);
        while !current.is_empty() {
            let candidate = current[branch];
            if let Some(other) =
                (0..current.len()).find(|&other| other != branch && ancestors[other].contains(candidate))
            {
                waits += 1;
                if waits > current.len() {
                    return None;
                }
                branch = other;
                continue;
            }
            waits = 0;
            if todo.contains(candidate) {
                output.push(candidate);
                todo.remove(candidate);
            }
            let node = &self.nodes[candidate];
            let next: Vec<usize> = above(node).filter(|&at| todo.contains(at) && !current.contains(&at)).collect();
            match next[..] {
                [] => {
                    current.remove(branch);
                    ancestors.remove(branch);
                    branch = branch.saturating_sub(1);
                }
                [only, ..] if node.normalized_dependencies.is_empty() && node.down.len() == 1 => {
                    current[branch] = only;
                    ancestors[branch].remove(candidate);
                }
                [first, ref rest @ ..] => {
                    current[branch] = first;
                    ancestors[branch] = reached(&table, &[first]);
                    current.extend(rest);
                    ancestors.extend(rest.iter().map(|&at| reached(&table, &[at])));
                }
            }
        }
        Some(output)
    }
}

/// What must have run before a revision: its parents, then its own dependencies.
fn above(node: &Node) -> impl Iterator<Item = usize> {
    node.parents.iter().chain(node.normalized_dependencies.iter().filter(|at| !node.parents.contains(at))).copied()
}

/// Everything that must have run before these, and they themselves. Asked anew wherever branches part.
fn reached(above: &[Vec<usize>], start: &[usize]) -> Set {
    let mut res = Set::new(above.len());
    let mut todo = start.to_vec();
    start.iter().for_each(|&at| res.insert(at));
    while let Some(at) = todo.pop() {
        for &to in &above[at] {
            if !res.contains(to) {
                res.insert(to);
                todo.push(to);
            }
        }
    }
    res
}

/// A set of small numbers.
struct Set(Vec<u64>);

impl Set {
    fn new(size: usize) -> Set {
        Set(vec![0; size.div_ceil(64)])
    }

    fn contains(&self, at: usize) -> bool {
        self.0[at / 64] >> (at % 64) & 1 == 1
    }

    fn insert(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    fn remove(&mut self, at: usize) {
        self.0[at / 64] &= !(1 << (at % 64));
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::{graph, ids};

    fn order(revisions: &[(&str, &str, &str)]) -> Option<Vec<String>> {
        let graph = graph(revisions);
        graph.upgrade_order().map(|order| ids(&graph, &order))
    }

    #[test]
    fn the_branch_that_loads_last_runs_first() {
        let revisions = [("a1", "None", ""), ("b1", "'a1'", ""), ("c1", "'a1'", "")];
        assert_eq!(order(&revisions), Some(["a1", "c1", "b1"].map(String::from).to_vec()));
    }

    #[test]
    fn under_a_merge_the_last_parent_runs_first() {
        let revisions =
            [("a", "None", ""), ("b", "'a'", ""), ("c", "'a'", ""), ("d", "'a'", ""), ("m", "('b', 'c', 'd')", "")];
        assert_eq!(order(&revisions), Some(["a", "d", "c", "b", "m"].map(String::from).to_vec()));
    }

    #[test]
    fn there_is_no_order_where_alembic_fails() {
        assert_eq!(order(&[("a", "'zz'", "")]), None);
        assert_eq!(order(&[("a", "'b'", ""), ("b", "'a'", "")]), None);
    }
}
