//! The differences between a database and what the models declare, as Alembic's autogenerate sees them. Knows neither revisions nor
//! models: both sides are schemas.
//!
//! | file | owns |
//! |---|---|
//! | `change` | what is to be said of a change |
//! | `column` | columns, their comments and defaults |
//! | `types` | when two types are one |
//! | `keys` | indexes, unique constraints, foreign keys |
//! | `values` | the values of enum types |
//! | `filled` | a database where nothing is in doubt |
//!
//! Never compared, since Alembic does not: primary keys, CHECK and EXCLUDE, sequences, the order of columns, predicates and kinds of
//! indexes, names of foreign keys.

mod change;
mod column;
mod filled;
mod keys;
#[cfg(test)]
mod tests;
mod types;
mod values;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use filled::filled;

use super::{Certainty, Column, Comment, Constraint, Default, Index, Name, Object, Origin, Schema, Table, Type};

/// What has to be done to a table of the database for it to be as the models declare it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub table: Name,
    pub what: What,
    /// Where the models ask for it; `None` for what they no longer declare at all.
    pub origin: Option<Origin>,
    /// The type that the column of a `Modify…` has in the database.
    pub existing: Option<Type>,
    /// The enum types that are needed for it.
    pub enums: Vec<EnumUse>,
}

/// An enum type as the models declare it.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumUse {
    pub name: Name,
    pub values: Vec<Arc<str>>,
    /// The database has it, or may have it.
    pub there: bool,
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

/// The changes that take the database to the models; nothing about what is not certain on both sides. By tables in the order of their
/// names; of a
/// table, in the order in which they can be made, and then in that of the models.
pub fn diff(database: &Schema, models: &Schema, options: DiffOptions) -> Vec<Change> {
    let names: BTreeSet<&Name> = database.tables.keys().chain(models.tables.keys()).collect();
    compare(database, models, options, names)
}

/// Those of the same changes that are of these tables.
pub fn diff_tables(database: &Schema, models: &Schema, options: DiffOptions, tables: &BTreeSet<Name>) -> Vec<Change> {
    match tables.is_empty() {
        true => Vec::new(),
        false => compare(database, models, options, tables.iter().collect()),
    }
}

fn compare(database: &Schema, models: &Schema, options: DiffOptions, names: BTreeSet<&Name>) -> Vec<Change> {
    let mut values =
        if options.postgresql { values::compare(database, models) } else { std::collections::BTreeMap::new() };
    let mut res = Vec::new();
    for name in names.into_iter().filter(|name| !is_version_table(name)) {
        let mut comparison = Comparison { database, models, options, name, changes: Vec::new() };
        comparison.run();
        res.append(&mut comparison.changes);
        res.extend(values.remove(name).unwrap_or_default());
    }
    res
}

fn is_version_table(name: &Name) -> bool {
    &*name.name == "alembic_version"
}

/// One table being compared.
struct Comparison<'a> {
    database: &'a Schema,
    models: &'a Schema,
    options: DiffOptions,
    name: &'a Name,
    changes: Vec<Change>,
}

/// A table on both sides.
#[derive(Clone, Copy)]
struct Pair<'a> {
    there: &'a Table,
    wanted: &'a Table,
    /// All that the table of the database has is listed.
    complete: bool,
}

impl<'a> Comparison<'a> {
    fn run(&mut self) {
        match (self.database.tables.get(self.name), self.models.tables.get(self.name)) {
            (Some(there), Some(wanted)) => self.compare(there, wanted),
            (None, Some(wanted)) => self.add_table(wanted),
            (Some(there), None) => self.remove_table(there),
            (None, None) => {}
        }
    }

    fn add_table(&mut self, wanted: &'a Arc<Table>) {
        let object = Object::Table(self.name.clone());
        let missing = self.database.lists_all_tables(&self.name.schema) && !self.database.doubtful.contains(&object);
        if !missing || wanted.certainty == Certainty::Maybe {
            return;
        }
        let enums = self.enums(wanted.columns.iter().map(|column| &column.ty));
        self.push(What::AddTable(wanted.clone()), wanted.origin, None, enums);
        for index in wanted.indexes.iter().filter(|index| index.certainty == Certainty::Certain) {
            self.push(What::AddIndex(index.clone()), index.origin.or(wanted.origin), None, Vec::new());
        }
    }

    fn remove_table(&mut self, there: &'a Table) {
        let gone = !self.models.open && !self.models.doubtful.contains(&Object::Table(self.name.clone()));
        if !gone || there.certainty == Certainty::Maybe {
            return;
        }
        for index in there.indexes.iter().filter(|index| index.certainty == Certainty::Certain) {
            self.push(What::RemoveIndex(index.clone()), None, None, Vec::new());
        }
        self.push(What::RemoveTable, None, None, Vec::new());
    }

    fn compare(&mut self, there: &'a Table, wanted: &'a Table) {
        // one of which the migrations only alter something: what they altered is known, and nothing else
        let is_foreign = there.opaque && there.origin.is_none() && !self.database.open;
        if wanted.certainty == Certainty::Maybe || !there.is_exact() && !is_foreign {
            return;
        }
        let pair = Pair { there, wanted, complete: there.is_exact() };
        self.compare_columns(pair);
        self.compare_indexes(pair);
        self.compare_uniques(pair);
        self.compare_foreign_keys(pair);
        if self.options.postgresql && differ(&there.comment, &wanted.comment) {
            let what = What::ModifyComment { column: None, to: wanted.comment.clone() };
            self.push(what, wanted.origin, None, Vec::new());
        }
        self.remove_columns(pair);
    }

    fn push(&mut self, what: What, origin: Option<Origin>, existing: Option<Type>, enums: Vec<EnumUse>) {
        self.changes.push(Change { table: self.name.clone(), what, origin, existing, enums });
    }

    /// The enum types among types, each once.
    fn enums<'t>(&self, types: impl Iterator<Item = &'t Type>) -> Vec<EnumUse> {
        let mut res: Vec<EnumUse> = Vec::new();
        for name in types.filter_map(values::named) {
            let declared = self.models.enums.get(name).and_then(|ty| ty.values.clone());
            if let Some(values) = declared.filter(|_| !res.iter().any(|known| known.name == *name)) {
                let doubtful = || self.database.doubtful.contains(&Object::Type(name.clone()));
                let there = self.database.open || self.database.enums.contains_key(name) || doubtful();
                res.push(EnumUse { name: name.clone(), values, there });
            }
        }
        res
    }
}

/// Since Alembic 1.20 an empty comment is none.
fn differ(there: &Comment, wanted: &Comment) -> bool {
    let text = |comment: &Comment| match comment {
        Comment::Unknown => None,
        Comment::None => Some(Arc::from("")),
        Comment::Text(text) => Some(text.clone()),
    };
    text(there).is_some_and(|there| text(wanted).is_some_and(|wanted| there != wanted))
}
