//! What Alembic refuses to load: the first error it would raise for a graph, in its own order and words,
//! and the cycles that it does not notice.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::graph::Graph;

/// The characters that Alembic's command line gives a meaning (`:` since 1.17.1).
pub const ILLEGAL_CHARACTERS: [char; 4] = ['@', '-', '+', ':'];

/// Why `alembic heads`, and with it every other command, fails. `Display` gives Alembic's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    SelfLoop(String),
    DependencySelfLoop(String),
    IllegalCharacters {
        revision: String,
        characters: String,
    },
    LabelTaken {
        label: String,
        revision: String,
        by: String,
    },
    /// A `depends_on` or `down_revision` that names nothing; Alembic dies of a bare `KeyError`.
    Missing(String),
    Cycle(Vec<String>),
    DependencyCycle(Vec<String>),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::SelfLoop(id) => write!(f, "Self-loop is detected in revisions ({id})"),
            LoadError::DependencySelfLoop(id) => write!(f, "Dependency self-loop is detected in revisions ({id})"),
            LoadError::IllegalCharacters { revision, characters } => {
                write!(f, "Character(s) '{characters}' not allowed in revision identifier '{revision}'")
            }
            LoadError::LabelTaken { label, revision, by } => {
                write!(f, "Branch name '{label}' in revision {revision} already used by revision {by}")
            }
            LoadError::Missing(id) => write!(f, "KeyError: '{id}'"),
            LoadError::Cycle(ids) => write!(f, "Cycle is detected in revisions ({})", ids.join(", ")),
            LoadError::DependencyCycle(ids) => {
                write!(f, "Dependency cycle is detected in revisions ({})", ids.join(", "))
            }
        }
    }
}

/// The illegal characters of an id, sorted and joined as Alembic prints them; `None` when there are none.
pub fn illegal_characters(id: &str) -> Option<String> {
    let mut found: Vec<char> = ILLEGAL_CHARACTERS.into_iter().filter(|&c| id.contains(c)).collect();
    found.sort_unstable();
    (!found.is_empty()).then(|| found.iter().map(char::to_string).collect::<Vec<_>>().join(", "))
}

impl Graph {
    /// The first error that Alembic raises when it loads these revisions; `None` when it loads them. Errors of single
    /// files (syntax, missing names) stand in their headers, not here.
    pub fn load_error(&self) -> Option<LoadError> {
        for node in &self.nodes {
            if node.down.contains(&node.id) {
                return Some(LoadError::SelfLoop(node.id.clone()));
            }
            if node.depends_on.contains(&node.id) {
                return Some(LoadError::DependencySelfLoop(node.id.clone()));
            }
            if let Some(characters) = illegal_characters(&node.id) {
                return Some(LoadError::IllegalCharacters { revision: node.id.clone(), characters });
            }
        }
        if let Some((label, at, by)) = self.taken_labels().into_iter().next() {
            let revision = self.nodes[at].id.clone();
            return Some(LoadError::LabelTaken { label, revision, by: self.nodes[by].id.clone() });
        }
        let missing_dependency = self
            .nodes
            .iter()
            .flat_map(|node| node.depends_on.iter().filter(|name| self.find_dependency(name).is_none()))
            .next();
        // a declaration that took another's place stands where that stood; the other is met again as a head, after all
        let mut in_place: Vec<usize> = (0..self.nodes.len()).collect();
        let mut first = HashMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            first.entry(&node.id).or_insert(at);
        }
        in_place.sort_by_key(|&at| (!self.is_live(at), first[&self.nodes[at].id]));
        let missing_parent =
            in_place.into_iter().flat_map(|at| self.nodes[at].down.iter().filter(|id| self.find(id).is_none())).next();
        if let Some(id) = missing_dependency.or(missing_parent) {
            return Some(LoadError::Missing(id.clone()));
        }
        self.noticed_cycle(false)
            .map(LoadError::Cycle)
            .or_else(|| self.noticed_cycle(true).map(LoadError::DependencyCycle))
    }

    /// Branch labels that are declared twice or equal a revision's id: the label, who declares it, who had it first.
    pub fn taken_labels(&self) -> Vec<(String, usize, usize)> {
        let mut owners = HashMap::new();
        let mut res = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            for label in &node.own_labels {
                if let Some(by) = self.find(label).or_else(|| owners.insert(label, at)) {
                    res.push((label.clone(), at, by));
                }
            }
        }
        res
    }

    /// Groups of revisions that are each other's ancestors, through `down_revision` and `depends_on`: real cycles,
    /// whether Alembic notices them or not. Each group in load order; a revision that names itself is a group.
    pub fn cycles(&self) -> Vec<Vec<usize>> {
        let mut res = strongly_connected(self.nodes.len(), |at| {
            let node = &self.nodes[at];
            if self.is_live(at) { node.parents.iter().chain(&node.dependencies).copied().collect() } else { Vec::new() }
        });
        res.retain(|group| match group[..] {
            [at] => self.nodes[at].parents.contains(&at) || self.nodes[at].dependencies.contains(&at),
            _ => true,
        });
        res.iter_mut().for_each(|group| group.sort_unstable());
        res.sort_unstable();
        res
    }

    /// Alembic's own check: what is not both below a head and above a base. It misses a cycle in the middle.
    fn noticed_cycle(&self, dependencies: bool) -> Option<Vec<String>> {
        if self.nodes.is_empty() {
            return None;
        }
        let (heads, bases): (Vec<usize>, Vec<usize>) = if dependencies {
            let real_base = |&at: &usize| self.nodes[at].depends_on.is_empty();
            (self.effective_heads(), self.bases().into_iter().filter(real_base).collect())
        } else {
            (self.heads(), self.bases())
        };
        // where a parent cannot be told, neither can a cycle
        if self.nodes.iter().any(|node| node.unknown_parents) {
            return None;
        }
        if heads.is_empty() || bases.is_empty() {
            return Some(self.live_ids());
        }
        let down = self.reach(heads, |node| {
            node.parents.iter().copied().chain(node.dependencies.iter().copied().filter(move |_| dependencies))
        });
        let up = self.reach(bases, |node| {
            if dependencies { node.all_children.iter().copied() } else { node.children.iter().copied() }
        });
        // it compares ids, so that of two declarations of one either will do
        let ids = |ats: HashSet<usize>| ats.into_iter().map(|at| &self.nodes[at].id).collect::<HashSet<_>>();
        let (down, up) = (ids(down), ids(up));
        let mut left: Vec<String> = self
            .live()
            .map(|at| &self.nodes[at].id)
            .filter(|id| !(down.contains(id) && up.contains(id)))
            .cloned()
            .collect();
        left.sort_unstable();
        (!left.is_empty()).then_some(left)
    }

    /// Ids in load order, each once, at the place of its first declaration.
    fn live_ids(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        self.nodes.iter().filter(|node| seen.insert(&node.id)).map(|node| node.id.clone()).collect()
    }
}

/// Tarjan's algorithm with a stack of its own: histories may be long.
fn strongly_connected(count: usize, next: impl Fn(usize) -> Vec<usize>) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let (mut index, mut low) = (vec![UNSEEN; count], vec![0; count]);
    let (mut on_stack, mut stack, mut res, mut clock) = (vec![false; count], Vec::new(), Vec::new(), 0);
    for root in 0..count {
        if index[root] != UNSEEN {
            continue;
        }
        let mut calls: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut enter = Some(root);
        loop {
            if let Some(at) = enter.take() {
                (index[at], low[at]) = (clock, clock);
                clock += 1;
                stack.push(at);
                on_stack[at] = true;
                calls.push((at, next(at)));
            }
            let Some((at, todo)) = calls.last_mut() else { break };
            let at = *at;
            match todo.pop() {
                Some(to) if index[to] == UNSEEN => enter = Some(to),
                Some(to) if on_stack[to] => low[at] = low[at].min(index[to]),
                Some(_) => {}
                None => {
                    calls.pop();
                    if let Some((caller, _)) = calls.last() {
                        low[*caller] = low[*caller].min(low[at]);
                    }
                    if low[at] == index[at] {
                        let start = stack.iter().rposition(|&on| on == at).unwrap_or(0);
                        let group = stack.split_off(start);
                        group.iter().for_each(|&on| on_stack[on] = false);
                        res.push(group);
                    }
                }
            }
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::{graph, ids};
    use super::*;

    #[test]
    fn a_cycle_between_base_and_head_is_found_although_alembic_loads_it() {
        let graph = graph(&[
            ("z0", "None", ""),
            ("a1", "('z0', 'c1')", ""),
            ("b1", "'a1'", ""),
            ("c1", "'b1'", ""),
            ("d1", "'c1'", ""),
        ]);
        assert_eq!(graph.load_error(), None);
        assert_eq!(graph.cycles().iter().map(|group| ids(&graph, group)).collect::<Vec<_>>(), [["a1", "b1", "c1"]]);
    }

    #[test]
    fn of_two_declarations_of_an_id_both_count() {
        let error = |revisions: &[_]| graph(revisions).load_error().map(|error| error.to_string());
        assert_eq!(error(&[("a", "'zz'", ""), ("a", "None", "")]), Some("KeyError: 'zz'".into()));
        let around = [("r", "'a'", ""), ("a", "None", ""), ("b", "'r'", ""), ("r", "('a', 'b')", "")];
        assert_eq!(error(&around), Some("Cycle is detected in revisions (b)".into()));
    }

    #[test]
    fn a_long_history_without_cycles_has_none() {
        let names: Vec<String> = (0..5_000).map(|at| format!("r{at}")).collect();
        let downs: Vec<String> = (0..5_000).map(|at| format!("'r{}'", at + 1)).collect();
        let rows: Vec<_> = names.iter().zip(&downs).map(|(id, down)| (id.as_str(), down.as_str(), "")).collect();
        assert!(graph(&rows).cycles().is_empty());
    }

    #[test]
    fn characters_are_listed_sorted() {
        assert_eq!(illegal_characters("a-b@c"), Some("-, @".into()));
        assert_eq!(illegal_characters("0418_user_state.x y"), None);
    }
}
