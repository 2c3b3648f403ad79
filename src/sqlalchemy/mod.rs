//! SQLAlchemy's declarations, as the values the interpreter has of them: types, columns, constraints and tables become
//! schema data. Knows nothing of Alembic, and nothing of who asks.
//!
//! | file | owns |
//! |---|---|
//! | `library` | what a value is called in the library it comes from |
//! | `types`, `builtin`, `extension` | types: the way to them, SQLAlchemy's own, those of other packages |
//! | `decorator` | types that the project writes itself |
//! | `enumeration` | `Enum` and `ENUM` |
//! | `annotation`, `sqlmodel`, `python_type` | columns that annotations declare; what annotations say |
//! | `column`, `default`, `constraint` | what a table is made of |
//! | `naming` | names that nobody wrote |
//! | `table` | `Table`, `table` |
//! | `declarative`, `declarative_table` | classes: which are mapped and how their tables are called; what they put there |
//! | `metadata` | which `MetaData` something belongs to |

mod annotation;
mod builtin;
mod column;
mod constraint;
mod declarative;
mod declarative_table;
mod decorator;
mod default;
mod enumeration;
mod extension;
mod library;
mod metadata;
mod naming;
mod python_type;
mod sqlmodel;
mod table;
#[cfg(test)]
mod tests;
mod types;

use std::rc::Rc;
use std::sync::Arc;

use crate::python::interpret::{Host, Interpreter, Term, TermKind, Value};
use crate::schema::Name;

pub use self::annotation::{Attribute, Declared};
pub use self::column::{Autoincrement, Column, is_column, written_comment};
pub use self::constraint::{Item, column_name, deferral};
pub use self::declarative::{Classes, Mapping, Standing, described};
pub use self::declarative_table::ClassTable;
pub use self::default::{Written, is_null, quoted, written_default};
pub use self::library::{Family, Given, call_of, exports, given_name, known, method_of, text_of};
pub use self::metadata::{Metadata, metadata_of, naming_of};
pub use self::naming::{Kind, Made, Naming, Parts, stored};
pub use self::table::{Draft, Owner, Table, address};
pub use self::types::TypeUse;

/// Which libraries a project uses, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Versions {
    /// Major and minor.
    pub sqlalchemy: Option<(u32, u32)>,
    pub sqlmodel: Option<(u32, u32, u32)>,
}

/// Reads declarations. Some run code of the project (`values_callable`, `load_dialect_impl`): hence the interpreter.
pub struct Reader<'r, 'a> {
    pub interpreter: &'r mut Interpreter<'a>,
    pub host: &'r mut dyn Host<'a>,
    pub naming: &'r Naming,
    /// The schema of the metadata: where tables and references go that name none.
    pub schema: Option<Arc<str>>,
    /// What is read belongs to a metadata, and is not for an operation alone: `create_all` makes all of it.
    pub in_metadata: bool,
    pub classes: Classes<'a>,
    pub versions: Versions,
    /// The columns of the table that is being read.
    local: table::Local,
    /// How many types within types are being read.
    depth: usize,
}

impl<'r, 'a> Reader<'r, 'a> {
    pub fn new(interpreter: &'r mut Interpreter<'a>, host: &'r mut dyn Host<'a>, naming: &'r Naming) -> Self {
        Reader {
            interpreter,
            host,
            naming,
            schema: None,
            in_metadata: false,
            classes: Classes::default(),
            versions: Versions::default(),
            local: table::Local::default(),
            depth: 0,
        }
    }
}

/// What every host answers about SQLAlchemy's terms: `dialect.name` and `dialect.type_descriptor(x)` inside of a
/// `load_dialect_impl` that a [`Reader`] runs.
pub fn resolve<'a>(term: &Rc<Term<'a>>) -> Option<Value<'a>> {
    match &term.kind {
        TermKind::Name(name) if name.strip_prefix(decorator::DIALECT) == Some(".name") => {
            Some(Value::text("postgresql"))
        }
        TermKind::Call { callee, arguments } => {
            let name = callee.as_name()?.strip_prefix(decorator::DIALECT)?;
            (name == ".type_descriptor").then(|| arguments.get(0, "typeobj"))?
        }
        _ => None,
    }
}
