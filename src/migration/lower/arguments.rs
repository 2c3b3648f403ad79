//! The signatures of `op.*` and of a batch's methods, with the names that older versions of Alembic had for arguments.

use std::rc::Rc;

use crate::python::interpret::{Arguments, Term, TermKind, Value};
use crate::schema::Name;
use crate::sqlalchemy::{call_of, stored, text_of};

/// What a method is called on.
pub(super) enum Target<'v, 'a> {
    /// `alembic.op`, or an `Operations` object.
    Operations,
    /// What `op.batch_alter_table` gives.
    Batch(Rc<Term<'a>>),
    /// Something else; `None` for what has only a dotted name.
    Object(Option<&'v Value<'a>>),
}

impl<'v, 'a> Target<'v, 'a> {
    /// What a callable belongs to, and its own name; `None` when it has none.
    pub fn of(callee: &'v Value<'a>) -> Option<(Target<'v, 'a>, &'v str)> {
        match &callee.as_term()?.kind {
            TermKind::Name(path) => {
                let (before, name) = path.rsplit_once('.').unwrap_or(("", path));
                let target = match before {
                    "alembic.op" | "alembic.operations.op" => Target::Operations,
                    _ => Target::Object(None),
                };
                Some((target, name))
            }
            TermKind::Attribute(object, name) => Some((Target::object(object), name)),
            _ => None,
        }
    }

    fn object(object: &'v Value<'a>) -> Target<'v, 'a> {
        if object.as_name() == Some("alembic.op") {
            return Target::Operations;
        }
        let Some((callee, _)) = call_of(object) else { return Target::Object(Some(object)) };
        match Target::of(callee) {
            Some((Target::Operations, "batch_alter_table")) => match object.as_term() {
                Some(term) => Target::Batch(term.clone()),
                None => Target::Object(Some(object)),
            },
            // `op.batch_alter_table(…).__enter__()`
            Some((Target::Batch(batch), "__enter__")) => Target::Batch(batch),
            Some((_, "Operations" | "BatchOperations"))
                if callee.as_name().is_some_and(|name| name.starts_with("alembic")) =>
            {
                Target::Operations
            }
            _ => Target::Object(Some(object)),
        }
    }
}

/// The arguments of one directive, whether it was called on `op` or on a batch.
pub(super) struct Bound<'v, 'a> {
    arguments: &'v Arguments<'a>,
    names: &'static [&'static [&'static str]],
    /// Which parameter is the table; a batch leaves it out.
    table_at: Option<usize>,
    batch: Option<(Option<Name>, bool)>,
}

/// What a parameter is called: today's name first.
type Names = &'static [&'static [&'static str]];

/// The directives with the parameters that may be positional, and which of them is the table.
const SIGNATURES: [(&str, Names, Option<usize>); 19] = [
    ("add_column", &[&["table_name", "tablename"], &["column"], &["schema"]], Some(0)),
    ("alter_column", &[&["table_name", "tablename"], &["column_name"]], Some(0)),
    ("bulk_insert", &[&["table"], &["rows"]], None),
    ("create_check_constraint", &[&["constraint_name", "name"], &["table_name", "source"], &["condition"]], Some(1)),
    ("create_exclude_constraint", &[&["constraint_name", "name"], &["table_name"]], Some(1)),
    (
        "create_foreign_key",
        &[
            &["constraint_name", "name"],
            &["source_table", "source"],
            &["referent_table", "referent"],
            &["local_cols"],
            &["remote_cols"],
        ],
        Some(1),
    ),
    ("create_index", &[&["index_name", "name"], &["table_name", "tablename"], &["columns"]], Some(1)),
    ("create_primary_key", &[&["constraint_name", "name"], &["table_name"], &["columns", "cols"]], Some(1)),
    ("create_table", &[&["table_name", "name"]], None),
    (
        "create_unique_constraint",
        &[&["constraint_name", "name"], &["table_name", "source"], &["columns", "local_cols"]],
        Some(1),
    ),
    ("drop_column", &[&["table_name"], &["column_name", "name"], &["schema"]], Some(0)),
    (
        "drop_constraint",
        &[&["constraint_name", "name"], &["table_name", "tablename"], &["type_", "type"], &["schema"]],
        Some(1),
    ),
    ("drop_index", &[&["index_name", "name"], &["table_name", "tablename"], &["schema"]], Some(1)),
    ("drop_table", &[&["table_name", "name"], &["schema"]], None),
    ("rename_table", &[&["old_table_name"], &["new_table_name"], &["schema"]], None),
    ("execute", &[&["sqltext", "sql"]], None),
    ("create_table_comment", &[&["table_name"], &["comment"]], Some(0)),
    ("drop_table_comment", &[&["table_name"]], Some(0)),
    ("batch_alter_table", &[&["table_name"], &["schema"]], None),
];

impl<'v, 'a> Bound<'v, 'a> {
    /// `None` when Alembic has no such directive.
    pub fn new(directive: &str, arguments: &'v Arguments<'a>, batch: Option<&Rc<Term<'a>>>) -> Option<Self> {
        let &(_, names, table_at) = SIGNATURES.iter().find(|(name, ..)| *name == directive)?;
        let batch = batch.map(|batch| match &batch.kind {
            TermKind::Call { arguments, .. } => {
                let outer = Bound { arguments, names: &[&["table_name"], &["schema"]], table_at: None, batch: None };
                (outer.name_of(0, "schema"), true)
            }
            _ => (None, true),
        });
        Some(Bound { arguments, names, table_at, batch })
    }

    pub fn all(&self) -> &'v Arguments<'a> {
        self.arguments
    }

    /// The parameter at a place of the signature.
    pub fn get(&self, at: usize) -> Option<Value<'a>> {
        let position = match (&self.batch, self.table_at) {
            (Some(_), Some(table_at)) if at > table_at => at - 1,
            _ => at,
        };
        let positional = self.arguments.positional.get(position).map(|(value, _)| value.clone());
        positional.or_else(|| self.names.get(at)?.iter().find_map(|name| self.written(name))).or_else(|| {
            // it may be among what is not known
            self.arguments.more.then_some(Value::Unknown)
        })
    }

    /// A keyword argument, as far as it is written.
    pub fn written(&self, name: &str) -> Option<Value<'a>> {
        self.arguments.keywords.iter().rev().find(|(key, ..)| **key == *name).map(|(_, value, _)| value.clone())
    }

    /// Whether a keyword argument is true for sure.
    pub fn flag(&self, name: &str) -> bool {
        self.written(name).is_some_and(|value| value.truth() == Some(true))
    }

    /// The table that the directive is about; `None` when it cannot be told.
    pub fn table(&self) -> Option<Name> {
        match (&self.batch, self.table_at) {
            (Some((table, _)), Some(_)) => table.clone(),
            (_, at) => self.name_of(at.unwrap_or(0), "schema"),
        }
    }

    /// A name at a place of the signature, in the schema that a keyword argument says.
    pub fn name_of(&self, at: usize, schema: &str) -> Option<Name> {
        let name = text_of(&self.get(at)?)?;
        let at = self.names.iter().position(|names| names.contains(&schema));
        let schema = match self.written(schema).or_else(|| at.and_then(|at| self.get(at))) {
            None | Some(Value::None) => None,
            Some(Value::Unknown) if self.arguments.more => None,
            Some(schema) => Some(text_of(&schema)?),
        };
        Some(Name::new(schema.as_deref(), &stored(&name)))
    }
}
