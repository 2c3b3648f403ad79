//! The graph of revisions as Alembic's `RevisionMap` builds it, but lenient: what Alembic would stop at leaves the
//! rest of the graph readable here (see [`super::load`] for what it would stop at).

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::script::Script;

/// One revision. Indices point into [`Graph::nodes`].
#[derive(Debug)]
pub struct Node {
    pub script: Arc<Script>,
    pub id: String,
    /// `down_revision` as declared; empty for a base.
    pub down: Vec<String>,
    /// `depends_on` as declared: ids or branch labels.
    pub depends_on: Vec<String>,
    /// `down_revision` cannot be told from the text, so any revision may be a parent.
    pub unknown_parents: bool,
    /// Labels this revision declares.
    pub own_labels: Vec<String>,
    /// The revisions named by `down` that exist.
    pub parents: Vec<usize>,
    /// The revisions named by `depends_on` that exist.
    pub dependencies: Vec<usize>,
    /// `dependencies` less those that an ancestor depends on already.
    pub normalized_dependencies: Vec<usize>,
    /// Revisions whose `down_revision` names this one.
    pub children: Vec<usize>,
    /// The same, `depends_on` counted too.
    pub all_children: Vec<usize>,
}

impl Node {
    pub fn is_base(&self) -> bool {
        self.down.is_empty() && !self.unknown_parents
    }

    pub fn is_branch_point(&self) -> bool {
        self.children.len() > 1
    }

    pub fn is_merge_point(&self) -> bool {
        self.down.len() > 1
    }
}

/// All revisions of one environment.
#[derive(Debug, Default)]
pub struct Graph {
    /// In load order, each declaration of a duplicate id included.
    pub nodes: Vec<Node>,
    /// Files that declare no revision whose id is known.
    pub others: Vec<Arc<Script>>,
    /// Of each node, whether it is the declaration of its id that counts.
    live: Vec<bool>,
    by_id: HashMap<String, usize>,
    by_label: HashMap<String, usize>,
}

impl Graph {
    /// Builds the graph of scripts given in load order.
    pub fn new(scripts: impl IntoIterator<Item = Arc<Script>>) -> Graph {
        let mut graph = Graph::default();
        for script in scripts {
            match script.id() {
                Some(id) => {
                    let id = id.to_owned();
                    // the last declaration of an id is the one that counts (Alembic warns and goes on)
                    graph.by_id.insert(id.clone(), graph.nodes.len());
                    graph.nodes.push(node(script, id));
                }
                None => graph.others.push(script),
            }
        }
        graph.live = graph.nodes.iter().enumerate().map(|(at, node)| graph.by_id[&node.id] == at).collect();
        for at in graph.live().collect::<Vec<_>>() {
            for label in graph.nodes[at].own_labels.clone() {
                graph.by_label.entry(label).or_insert(at);
            }
        }
        graph.link();
        graph.normalize_dependencies();
        graph
    }

    /// The revision of that id; of several, the one that Alembic uses.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The revision that a `depends_on` names by id or branch label.
    pub fn find_dependency(&self, name: &str) -> Option<usize> {
        self.find(name).or_else(|| self.by_label.get(name).copied())
    }

    /// Whether this declaration of its id is the one that counts.
    pub fn is_live(&self, at: usize) -> bool {
        self.live[at]
    }

    /// Indices of the revisions that count, in load order.
    pub fn live(&self) -> impl Iterator<Item = usize> {
        (0..self.nodes.len()).filter(|&at| self.is_live(at))
    }

    /// Revisions that no `down_revision` names, in load order. A duplicate id stands here as often as Alembic lists it.
    pub fn heads(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|&at| self.nodes[at].children.is_empty()).collect()
    }

    /// Revisions that neither a `down_revision` nor a `depends_on` names: the rows of the version table after `upgrade heads`.
    pub fn effective_heads(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|&at| self.nodes[at].all_children.is_empty()).collect()
    }

    /// Revisions without `down_revision`, in load order.
    pub fn bases(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|&at| self.nodes[at].is_base()).collect()
    }

    /// `at` and everything below it through `down_revision`.
    pub fn lineage(&self, at: usize) -> HashSet<usize> {
        self.reach([at], |node| node.parents.iter().copied())
    }

    /// `at` and everything it builds upon: through `down_revision` and `depends_on`.
    pub fn ancestors(&self, at: usize) -> HashSet<usize> {
        self.reach([at], |node| node.parents.iter().chain(&node.dependencies).copied())
    }

    /// The labels a revision carries: its own, its ancestors', and, while the chain from it up to its head is linear, those above it
    /// (Alembic's rule).
    pub fn labels(&self, at: usize) -> BTreeSet<&str> {
        let mut res = BTreeSet::new();
        if self.by_label.is_empty() || !self.is_live(at) {
            return res;
        }
        let own = |at: usize| self.nodes[at].own_labels.iter().map(String::as_str);
        res.extend(self.lineage(at).into_iter().flat_map(own));
        let mut chain = HashSet::new();
        let mut next = Some(at);
        while let Some(at) = next.filter(|&at| chain.insert(at)) {
            let node = &self.nodes[at];
            if node.all_children.len() > 1 || node.is_merge_point() {
                return res;
            }
            next = node.children.first().copied();
        }
        res.extend(chain.into_iter().flat_map(own));
        res
    }

    /// Everything reachable from `start` by `next`, `start` included.
    pub fn reach<'a, I: Iterator<Item = usize> + 'a>(
        &'a self,
        start: impl IntoIterator<Item = usize>,
        next: impl Fn(&'a Node) -> I,
    ) -> HashSet<usize> {
        let mut todo: Vec<usize> = start.into_iter().collect();
        let mut seen: HashSet<usize> = todo.iter().copied().collect();
        while let Some(at) = todo.pop() {
            todo.extend(next(&self.nodes[at]).filter(|&to| seen.insert(to)));
        }
        seen
    }

    fn link(&mut self) {
        for at in 0..self.nodes.len() {
            let node = &self.nodes[at];
            let parents: Vec<usize> = unique(node.down.iter().filter_map(|id| self.find(id)));
            let dependencies: Vec<usize> = unique(node.depends_on.iter().filter_map(|name| self.find_dependency(name)));
            // a declaration that a later one replaced keeps its own parents but is nobody's child
            if self.is_live(at) {
                for &parent in &parents {
                    self.nodes[parent].children.push(at);
                }
                for parent in unique(parents.iter().chain(&dependencies).copied()) {
                    self.nodes[parent].all_children.push(at);
                }
            }
            self.nodes[at].parents = parents;
            self.nodes[at].dependencies = dependencies;
        }
    }

    /// Leaves out what an ancestor depends on already. Walks down from a revision only when another one depends on the same, and
    /// only as far as there.
    fn normalize_dependencies(&mut self) {
        let mut dependents: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            node.dependencies.iter().for_each(|&to| dependents.entry(to).or_default().push(at));
        }
        for at in 0..self.nodes.len() {
            let inherits = |to: usize| match &dependents[&to][..] {
                [_] => false,
                _ => self.below(at).any(|below| self.nodes[below].dependencies.contains(&to)),
            };
            let own = self.nodes[at].dependencies.iter().copied().filter(|&to| !inherits(to)).collect();
            self.nodes[at].normalized_dependencies = own;
        }
    }

    /// Every revision below `at` through `down_revision`, nearest first.
    fn below(&self, at: usize) -> impl Iterator<Item = usize> {
        let mut seen = HashSet::from([at]);
        let mut todo = VecDeque::from([at]);
        let mut walk = std::iter::from_fn(move || {
            let at = todo.pop_front()?;
            todo.extend(self.nodes[at].parents.iter().filter(|&&to| seen.insert(to)));
            Some(at)
        });
        walk.next();
        walk
    }
}

fn node(script: Arc<Script>, id: String) -> Node {
    let header = &script.header;
    let known = |field: &Option<super::Field<Vec<String>>>| field.as_ref().and_then(|field| field.value.clone());
    Node {
        id,
        down: known(&header.down_revision).unwrap_or_default(),
        depends_on: known(&header.depends_on).unwrap_or_default(),
        unknown_parents: header.down_revision.as_ref().is_none_or(|field| field.value.is_none()),
        own_labels: known(&header.branch_labels).unwrap_or_default(),
        parents: Vec::new(),
        dependencies: Vec::new(),
        normalized_dependencies: Vec::new(),
        children: Vec::new(),
        all_children: Vec::new(),
        script,
    }
}

/// The items in order, each once.
fn unique<T: Copy + PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut res = Vec::new();
    for item in items {
        if !res.contains(&item) {
            res.push(item);
        }
    }
    res
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::migration::Depth;

    /// A graph of `(id, down_revision, rest of the header)`, each a Python literal.
    pub fn graph(revisions: &[(&str, &str, &str)]) -> Graph {
        Graph::new(revisions.iter().enumerate().map(|(at, (id, down, rest))| {
            let text = format!("revision = '{id}'\ndown_revision = {down}\n{rest}\n");
            Arc::new(Script::read(format!("versions/{at:04}_x.py").as_str().into(), text.into_bytes(), Depth::Whole))
        }))
    }

    pub fn ids(graph: &Graph, nodes: &[usize]) -> Vec<String> {
        nodes.iter().map(|&at| graph.nodes[at].id.clone()).collect()
    }

    #[test]
    fn heads_and_bases_come_in_load_order() {
        let graph = graph(&[("a", "None", ""), ("c", "'a'", ""), ("b", "'a'", "depends_on = 'c'")]);
        assert_eq!(ids(&graph, &graph.heads()), ["c", "b"]);
        assert_eq!(ids(&graph, &graph.effective_heads()), ["b"]);
        assert_eq!(ids(&graph, &graph.bases()), ["a"]);
        assert!(graph.nodes[0].is_branch_point());
    }

    #[test]
    fn what_cannot_be_told_is_neither_base_nor_parent() {
        let graph = graph(&[("a", "None", ""), ("b", "compute()", ""), ("c", "'b'", "")]);
        assert_eq!(ids(&graph, &graph.heads()), ["a", "c"]);
        assert_eq!(ids(&graph, &graph.bases()), ["a"]);
        assert!(graph.nodes[1].unknown_parents);
    }

    #[test]
    fn ten_thousand_revisions_with_labels_are_linear() {
        let names: Vec<String> = (0..10_000).map(|at| format!("r{at}")).collect();
        let downs: Vec<String> =
            (0..10_000).map(|at| if at == 0 { "None".into() } else { format!("'r{}'", at - 1) }).collect();
        let graph =
            graph(&names.iter().zip(&downs).map(|(id, down)| (id.as_str(), down.as_str(), "")).collect::<Vec<_>>());
        assert_eq!(ids(&graph, &graph.heads()), ["r9999"]);
        assert_eq!(graph.upgrade_order().map(|order| order.len()), Some(10_000));
    }
}
