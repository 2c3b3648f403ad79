//! The differences between a database and what the models declare, as Alembic's autogenerate sees them.

use std::sync::Arc;

use super::{Column, Comment, Constraint, Default, Index, Name, Origin, Schema, Table, Type};

/// What has to be done to a table of the database for it to be as the models declare it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub table: Name,
    pub what: What,
    /// Where the models ask for it; `None` for what they no longer declare at all.
    pub origin: Option<Origin>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    AddTable(Arc<Table>),
    RemoveTable,
    AddColumn(Column),
    RemoveColumn(Arc<str>),
    ModifyType {
        column: Arc<str>,
        from: Type,
        to: Type,
    },
    ModifyNullable {
        column: Arc<str>,
        nullable: bool,
    },
    ModifyDefault {
        column: Arc<str>,
        to: Default,
    },
    /// Of a column, or of the table.
    ModifyComment {
        column: Option<Arc<str>>,
        to: Comment,
    },
    AddIndex(Index),
    RemoveIndex(Index),
    /// A unique constraint or a foreign key.
    AddConstraint(Constraint),
    RemoveConstraint(Constraint),
    /// `table` is one that uses the type.
    AddEnumValue {
        ty: Name,
        value: Arc<str>,
    },
    RemoveEnumValue {
        ty: Name,
        value: Arc<str>,
    },
}

/// What is compared besides what Alembic always compares.
#[derive(Clone, Copy, Debug)]
pub struct DiffOptions {
    /// Comments and enum types are there to be compared.
    pub postgresql: bool,
    /// `compare_type`, on unless it is switched off.
    pub types: bool,
    /// `compare_server_default`, off unless it is switched on.
    pub defaults: bool,
}

/// The changes that take the database to the models; nothing about what is not certain on both sides.
pub fn diff(_database: &Schema, _models: &Schema, _options: DiffOptions) -> Vec<Change> {
    Vec::new()
}

impl Change {
    /// `add_column`, `modify_type` … as `onehead drift` calls them, after Alembic's `compare_metadata`.
    pub fn kind(&self) -> &'static str {
        match &self.what {
            What::AddTable(_) => "add_table",
            _ => "",
        }
    }

    /// The columns that it is about, in order.
    pub fn columns(&self) -> Vec<&str> {
        Vec::new()
    }

    /// The name of the index, constraint or type, where it has one.
    pub fn name(&self) -> Option<&str> {
        None
    }

    /// What the models want, in SQL's words.
    pub fn detail(&self) -> String {
        String::new()
    }

    /// Whether the models ask for the same thing of the same table, whatever the database has there.
    pub fn asks_the_same(&self, other: &Change) -> bool {
        self == other
    }
}

/// The database, and where it is not certain what it holds, what `models` declare: before a commit adds to either, one is as the other.
pub fn filled(database: &Schema, _models: &Schema) -> Schema {
    database.clone()
}
