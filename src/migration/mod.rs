//! Revision scripts and the graph they make. Works on bytes and text alone: where they come from is `git`'s affair,
//! which files they are is `config`'s.

mod graph;
mod header;
mod load;
mod order;
pub mod replay;
mod script;

pub use graph::{Graph, Node};
pub use header::{Field, Header, Problem};
pub use load::{LoadError, illegal_characters};
pub use script::{Depth, Script};
