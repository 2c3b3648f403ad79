//! How an operation is written in a migration.

use crate::schema::Change;

/// The operation that makes a change, as a line of Python: `op.add_column("t", sa.Column("a", sa.Integer(), nullable=False))`.
pub fn operation(_change: &Change) -> String {
    String::new()
}
