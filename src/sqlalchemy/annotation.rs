//! What `Mapped[…]` annotations and what is assigned to them declare.

use std::rc::Rc;

use super::{Column, Reader};
use crate::python::interpret::{Class, Value};
use crate::schema::Name;

/// An attribute of a mapped class, as it is written.
pub struct Attribute<'v, 'a> {
    pub name: &'v str,
    /// The class in whose body it stands: a mixin, a base, or the mapped class.
    pub class: &'v Rc<Class<'a>>,
    pub annotation: Option<&'v Value<'a>>,
    pub assigned: Option<&'v Value<'a>>,
    pub table: &'v Name,
    /// `type_annotation_map` of the registry or of the base: annotations, and the types they stand for.
    pub types: &'v [(Value<'a>, Value<'a>)],
}

/// What an attribute turns out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Declared {
    Column(Box<Column>),
    /// A relationship, a hybrid, a class variable: no column.
    Nothing,
    /// It may be a column.
    Unknown,
}

impl<'a> Reader<'_, 'a> {
    /// Reads an attribute of a declarative class (SQLAlchemy's `declarative_scan`).
    pub fn mapped(&mut self, _attribute: &Attribute<'_, 'a>) -> Declared {
        Declared::Unknown
    }
}
