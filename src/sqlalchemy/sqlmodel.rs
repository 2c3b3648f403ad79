//! The fields of a SQLModel class.

use super::Reader;
use super::annotation::{Attribute, Declared};

impl<'a> Reader<'_, 'a> {
    /// Reads a field of a class with `table=True` (SQLModel's `get_column_from_field`).
    pub fn field(&mut self, _attribute: &Attribute<'_, 'a>) -> Declared {
        Declared::Unknown
    }
}
