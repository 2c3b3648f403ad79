//! Revision scripts and the graph they make. Works on bytes and text alone: where they come from is `git`'s affair,
//! which files they are is `config`'s.

pub mod filter;
mod graph;
mod header;
mod load;
pub mod lower;
mod order;
mod program;
pub mod replay;
mod script;
mod write;

pub use graph::{Graph, Node};
pub use header::{Field, Header, Problem};
pub use load::{LoadError, illegal_characters};
pub use program::Program;
pub use script::{Depth, Script};
pub use write::{operation, reminder};
