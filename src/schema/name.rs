//! Names of things in a database.

use std::fmt;
use std::sync::Arc;

/// The name of a table, type, index, sequence or view, as PostgreSQL stores it: case folded already, at most 63 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// `None` is where unqualified names go: `public`, which is never spelled out here.
    pub schema: Option<Arc<str>>,
    pub name: Arc<str>,
}

impl Name {
    /// No schema is said by an empty one too, as SQLAlchemy has it.
    pub fn new(schema: Option<&str>, name: &str) -> Name {
        Name { schema: schema.filter(|schema| !matches!(*schema, "public" | "")).map(Arc::from), name: name.into() }
    }

    /// Another name in the same schema.
    pub fn sibling(&self, name: &str) -> Name {
        Name { schema: self.schema.clone(), name: name.into() }
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Name {
        Name::new(None, name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
