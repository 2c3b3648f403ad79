//! How an operation is written in a migration.

use crate::schema::Change;

/// What to think of when it is written: a column that needs a value for the rows there are, a type that needs a cast.
pub fn reminder(_change: &Change) -> Option<String> {
    None
}

/// The operation that makes a change, as a line of Python: `op.add_column("t", sa.Column("a", sa.Integer(), nullable=False))`.
pub fn operation(_change: &Change) -> String {
    String::new()
}
