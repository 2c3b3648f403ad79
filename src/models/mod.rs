//! What the models of a project declare, as one schema: runs their modules and links what they declare. Reads no file, and knows nothing of
//! migrations.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::python::interpret::{Modules, ParsedModule};
use crate::schema::{Name, Schema};
use crate::source::{Source, Span};

/// What is asked.
pub struct ModelOptions<'o> {
    /// The modules that may declare tables.
    pub files: Vec<&'o ParsedModule>,
    /// `env.py`: whose `target_metadata` says which tables count.
    pub env: Option<&'o ParsedModule>,
    /// Major and minor, when known.
    pub sqlalchemy: Option<(u32, u32)>,
    pub sqlmodel: Option<(u32, u32, u32)>,
}

/// What the models declare.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// Origins count the `sources`.
    pub schema: Schema,
    pub sources: Vec<Arc<Source>>,
    /// What was not understood.
    pub unknown: Vec<Unknown>,
    /// Modules that were asked for and not there: most are libraries'.
    pub missing: BTreeSet<String>,
}

/// Code that declares something we cannot tell.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// The table it is about; `None`: nobody knows.
    pub table: Option<Name>,
    pub source: Arc<Source>,
    pub span: Span,
}

/// Reads the models.
pub fn read(_modules: &dyn Modules, _options: &ModelOptions) -> Declared {
    Declared::default()
}
