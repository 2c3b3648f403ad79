//! The state of a database at a moment.

use std::fmt;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::apply::Memory;
use super::{Name, Object, OtherKind, Type};
use crate::source::Span;

/// Where something was made: the number of the file (a revision's in its graph, a model's among the sources of the models), and the
/// place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub file: usize,
    pub span: Span,
}

/// How sure we are that something is there as it is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Made (or dropped) under a condition that we cannot decide, or by something we only half understand. No rule speaks
    /// with certainty about it, in either direction.
    Maybe,
    Certain,
}

/// Everything in a database. A clone costs nothing: all is shared until it changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    pub tables: OrdMap<Name, Arc<Table>>,
    pub enums: OrdMap<Name, Arc<EnumType>>,
    /// Views, sequences, schemas, domains …: what only has a name.
    pub others: OrdMap<(OtherKind, Name), Certainty>,
    /// Tables, types, indexes and others that may or may not be there, although they are not listed above: dropped under a
    /// condition, or known from the outside only.
    pub doubtful: OrdSet<Object>,
    /// Something that we did not understand may have made, changed or dropped anything: what is listed and Certain came later.
    pub open: bool,
    /// The project may have a naming convention that we do not know: names that PostgreSQL would choose are guesses.
    pub conventions: bool,
    /// What `apply` keeps in mind about the history so far.
    pub(crate) memory: Memory,
}

impl Schema {
    /// The tables that migrations made, and not something before or beside them.
    pub fn made_tables(&self) -> impl Iterator<Item = (&Name, &Arc<Table>)> {
        self.tables.iter().filter(|(_, table)| table.origin.is_some())
    }

    /// Those of which the migrations only alter something.
    pub fn foreign_tables(&self) -> impl Iterator<Item = &Name> {
        self.tables.iter().filter(|(_, table)| table.origin.is_none()).map(|(name, _)| name)
    }

    /// Where something that is there was made, when a revision made it.
    pub fn origin(&self, object: &Object) -> Option<Origin> {
        match object {
            Object::Table(name) => self.tables.get(name)?.origin,
            Object::Column(table, name) => self.tables.get(table)?.column(name)?.origin,
            Object::Constraint(table, name) => self.tables.get(table)?.constraint(name)?.origin,
            Object::Index(name) => {
                let table = self.tables.get(self.memory.owner(name)?)?;
                table.index(&name.name).map_or_else(|| table.constraint(&name.name)?.origin, |index| index.origin)
            }
            Object::Type(name) | Object::EnumValue(name, _) => self.enums.get(name)?.origin,
            Object::Other(..) => None,
        }
    }
}

impl Schema {
    /// Where a column came to need a value, when that was later than where it was made.
    pub(super) fn required(&self, object: &Object) -> Option<Origin> {
        let Object::Column(table, name) = object else { return None };
        self.tables.get(table)?.column(name)?.required
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// In the order PostgreSQL has them.
    pub columns: Vec<Column>,
    pub constraints: Vec<Constraint>,
    pub indexes: Vec<Index>,
    pub certainty: Certainty,
    /// There may be columns, indexes and constraints that are not listed, and those listed may have changed.
    pub opaque: bool,
    pub rows: Rows,
    pub origin: Option<Origin>,
    /// Columns, constraints and indexes that may or may not be there, although they are not listed above.
    pub doubtful: Vec<Arc<str>>,
    /// It has, or may have, indexes or constraints whose names cannot be told.
    pub unnamed: bool,
    pub comment: Comment,
}

impl Table {
    /// A table of which only the name is known.
    pub fn opaque() -> Table {
        Table {
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            certainty: Certainty::Maybe,
            opaque: true,
            rows: Rows::Possible,
            origin: None,
            doubtful: Vec::new(),
            unnamed: true,
            comment: Comment::Unknown,
        }
    }

    /// Whether all that is said of it holds, and all that there is is said.
    pub fn is_exact(&self) -> bool {
        self.certainty == Certainty::Certain && !self.opaque
    }

    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| &*column.name == name)
    }

    pub fn constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| constraint.name.as_deref() == Some(name))
    }

    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| &*index.name == name)
    }
}

/// Whether a table holds rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Made in this revision, and nothing inserted.
    None,
    Possible,
    /// A migration inserted some for sure.
    Some,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: Arc<str>,
    pub ty: Type,
    pub nullable: bool,
    pub default: Default,
    pub certainty: Certainty,
    pub origin: Option<Origin>,
    /// Where it was last made NOT NULL, or its default taken away, when that was later.
    pub required: Option<Origin>,
    pub comment: Comment,
}

/// The comment on a table or column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Comment {
    #[default]
    None,
    Text(Arc<str>),
    Unknown,
}

/// What the database fills in when an INSERT leaves a column out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Default {
    None,
    /// An expression as written, when known; serial, identity and generated columns count as well.
    Some(Option<Arc<str>>),
    /// There may be one.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// PostgreSQL's own where none was given (`t_pkey`, `t_a_key`, `t_a_fkey`, `t_a_check`); `None` when it cannot be told.
    pub name: Option<Arc<str>>,
    pub kind: ConstraintKind,
    /// Empty when they cannot be told.
    pub columns: Vec<Arc<str>>,
    pub certainty: Certainty,
    pub origin: Option<Origin>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    Primary,
    Unique,
    Foreign(Reference),
    Check,
    Exclude,
}

impl ConstraintKind {
    /// Whether PostgreSQL makes an index of the constraint's name for it.
    pub fn has_index(&self) -> bool {
        match self {
            ConstraintKind::Primary | ConstraintKind::Unique | ConstraintKind::Exclude => true,
            ConstraintKind::Foreign(_) | ConstraintKind::Check => false,
        }
    }
}

/// What a foreign key points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub table: Name,
    /// Empty: the primary key.
    pub columns: Vec<Arc<str>>,
    pub on_delete: Option<Arc<str>>,
    pub on_update: Option<Arc<str>>,
    pub deferral: Deferral,
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deferral {
    #[default]
    Never,
    /// `DEFERRABLE`: when a transaction asks for it.
    Possible,
    /// `INITIALLY DEFERRED`.
    Initially,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// It lives in the schema of its table.
    pub name: Arc<str>,
    /// A column, or `None` for an expression.
    pub columns: Vec<Option<Arc<str>>>,
    /// How it is sorted by each of these; those behind the last are ascending.
    pub orders: Vec<Order>,
    pub unique: bool,
    pub certainty: Certainty,
    pub origin: Option<Origin>,
}

impl Index {
    /// How it is sorted by the column at a place.
    pub fn order(&self, at: usize) -> Order {
        self.orders.get(at).copied().unwrap_or_default()
    }
}

/// How an index is sorted by a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    pub descends: bool,
    /// NULL comes where it does not come by itself: first when ascending, last when descending.
    pub nulls_elsewhere: bool,
}

impl Order {
    /// By the words of SQL: `DESC NULLS LAST`.
    pub fn of<'w>(words: impl IntoIterator<Item = &'w str>) -> Order {
        let mut res = Order::default();
        let mut nulls_first = None;
        for word in words {
            match word.to_ascii_lowercase().as_str() {
                "desc" => res.descends = true,
                "first" => nulls_first = Some(true),
                "last" => nulls_first = Some(false),
                _ => {}
            }
        }
        res.nulls_elsewhere = nulls_first.is_some_and(|first| first != res.descends);
        res
    }
}

impl fmt::Display for Order {
    /// In SQL, behind the column: nothing when it is as usual.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.descends, self.nulls_elsewhere) {
            (false, false) => "",
            (false, true) => " NULLS FIRST",
            (true, false) => " DESC",
            (true, true) => " DESC NULLS LAST",
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumType {
    /// `None` when they cannot be told.
    pub values: Option<Vec<Arc<str>>>,
    pub certainty: Certainty,
    pub origin: Option<Origin>,
}
