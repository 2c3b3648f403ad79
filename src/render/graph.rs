//! Draws where heads part: lines of text, without colour. Knows nothing of how a graph is read.

/// Heads and the revision their lines of descent part from.
#[derive(Clone, Debug)]
pub struct Fork {
    /// The nearest revision all branches share; `None` when they share none.
    pub parent: Option<Node>,
    pub branches: Vec<Branch>,
}

/// One line of descent and its head.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Revisions between the parent and the head, which are not shown.
    pub between: usize,
    pub head: Node,
    /// Where it comes from: `staged here`, `origin/develop, 4f2c1d9, Ana, 2026-11-02`.
    pub note: String,
    pub is_ours: bool,
}

/// One revision.
#[derive(Clone, Debug)]
pub struct Node {
    pub id: String,
    /// The first line of its docstring; may be empty.
    pub message: String,
}

/// The drawing, a line an item, escaped.
pub fn draw(fork: &Fork) -> Vec<String> {
    let _ = fork;
    Vec::new()
}
