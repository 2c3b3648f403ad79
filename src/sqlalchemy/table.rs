//! Tables: `Table(…)`, `table(…)`, what `op.create_table` is given, declarative classes.

use std::rc::Rc;
use std::sync::Arc;

use super::Reader;
use super::column::{Column, column_arguments, constraint};
use super::constraint::Item;
use super::library::{Family, Given, call_of, known, text_of, written};
use super::naming::{Kind, Parts, stored};
use crate::python::interpret::{Arguments, Class, TermKind, Value};
use crate::schema::{Comment, ConstraintKind, Name, TableDef};

/// A table as it is declared.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub definition: TableDef,
    /// The columns that SQLAlchemy fills when a row leaves them out; empty for `table(…)`, which knows no defaults.
    pub filled: Vec<Arc<str>>,
    /// The keys by which rows name columns, where they are not the names.
    pub keys: Vec<(Arc<str>, Arc<str>)>,
}

/// Whether a value is a table for sure.
pub fn is_table(value: &Value<'_>) -> bool {
    table_name(value).is_some()
}

/// The name of a table that a value stands for.
pub(super) fn table_name(value: &Value<'_>) -> Option<Name> {
    let (callee, arguments) = match value {
        Value::Class(class) => return class_name(class),
        _ => match &value.as_term()?.kind {
            TermKind::Attribute(class @ Value::Class(_), name) if **name == *"__table__" => return table_name(class),
            TermKind::Call { callee, arguments } => (callee, arguments),
            _ => return None,
        },
    };
    if !makes_table(callee)? {
        return None;
    }
    named(arguments)
}

/// Whether a callable makes a table: `Table`, `table`, `op.create_table`.
fn makes_table(callee: &Value<'_>) -> Option<bool> {
    let (family, name) = known(callee)?;
    Some(match family {
        Family::SqlAlchemy => matches!(name, "Table" | "table" | "TableClause"),
        _ => callee.as_name() == Some("alembic.op.create_table"),
    })
}

fn named(arguments: &Arguments<'_>) -> Option<Name> {
    let name = arguments.get(0, "name").or_else(|| written(arguments, "table_name"))?;
    let schema = match written(arguments, "schema") {
        None | Some(Value::None) => None,
        Some(schema) => Some(text_of(&schema)?),
    };
    Some(Name::new(schema.as_deref(), &stored(&text_of(&name)?)))
}

fn class_name(class: &Rc<Class<'_>>) -> Option<Name> {
    let lineage = class.lineage();
    let attribute = |name: &str| {
        lineage.iter().find_map(|class| match class {
            Value::Class(class) => class.attributes.get_text(name),
            _ => None,
        })
    };
    let name = text_of(&attribute("__tablename__")?)?;
    let options = match attribute("__table_args__") {
        Some(Value::Tuple(items)) => items.last().cloned(),
        other => other,
    };
    let schema = match options {
        Some(Value::Dict(options)) => options.get_text("schema").and_then(|schema| text_of(&schema)),
        _ => None,
    };
    Some(Name::new(schema.as_deref(), &stored(&name)))
}

impl<'a> Reader<'_, 'a> {
    /// Reads a table; `None` when the value is none, or its name is not known.
    pub fn table(&mut self, value: &Value<'a>) -> Option<Table> {
        let (callee, arguments) = match value {
            Value::Class(class) => return self.class_table(class),
            _ => match &value.as_term()?.kind {
                TermKind::Attribute(class @ Value::Class(_), name) if **name == *"__table__" => {
                    return self.table(class);
                }
                TermKind::Call { callee, arguments } => (callee, arguments),
                _ => return None,
            },
        };
        if !makes_table(callee)? {
            return None;
        }
        let name = named(arguments)?;
        let is_clause = matches!(known(callee), Some((_, "table" | "TableClause")));
        let has_metadata = matches!(known(callee), Some((_, "Table")));
        let skipped = if has_metadata { 2 } else { 1 };
        let items: Vec<Value<'a>> = arguments.positional.iter().skip(skipped).map(|(value, _)| value.clone()).collect();
        let mut res = match is_clause {
            true => self.clause(name, &items),
            false => self.table_of(name, &items),
        };
        let reflected = ["autoload", "autoload_with"]
            .iter()
            .any(|name| !matches!(written(arguments, name), None | Some(Value::None) | Some(Value::Bool(false))));
        res.definition.comment = super::column::comment(arguments);
        res.definition.opaque |= arguments.more || reflected;
        Some(res)
    }

    /// `table("t", column("a"), …)`: names of columns and no more.
    fn clause(&mut self, name: Name, items: &[Value<'a>]) -> Table {
        let mut res = empty(name);
        for item in items {
            let column = match (column_arguments(item), call_of(item)) {
                (Some(_), _) => self.column(item, &res.definition.name, None),
                (None, Some((callee, arguments))) if matches!(known(callee), Some((_, "column" | "ColumnClause"))) => {
                    self.clause_column(arguments)
                }
                _ => None,
            };
            match column {
                Some(column) => res.definition.columns.push(column.definition),
                None => res.definition.opaque = true,
            }
        }
        res
    }

    fn clause_column(&mut self, arguments: &Arguments<'a>) -> Option<Column> {
        let name = arguments.get(0, "text")?;
        let written = match arguments.get(1, "type_") {
            Some(ty) => Arguments::of([name, ty]),
            None => Arguments::of([name]),
        };
        let place = self.interpreter_place(arguments)?;
        let callee = Value::Term(Rc::new(crate::python::interpret::Term {
            kind: TermKind::Name("sqlalchemy.Column".into()),
            place,
        }));
        let kind = TermKind::Call { callee, arguments: written };
        let made = Value::Term(Rc::new(crate::python::interpret::Term { kind, place }));
        self.column(&made, &Name::from(""), None)
    }

    fn interpreter_place(&self, arguments: &Arguments<'a>) -> Option<crate::python::interpret::Place<'a>> {
        arguments
            .positional
            .iter()
            .map(|(value, _)| value)
            .chain(arguments.keywords.iter().map(|(_, value, _)| value))
            .find_map(|value| Some(value.as_term()?.place))
    }

    /// What a table is made of, as `op.create_table` is told.
    pub fn table_of(&mut self, name: Name, items: &[Value<'a>]) -> Table {
        let mut res = empty(name);
        let mut columns: Vec<Column> = Vec::new();
        for item in items {
            let item = self.item(item, &res.definition.name);
            add(&mut res, &mut columns, item);
        }
        self.finish(res, columns)
    }

    fn class_table(&mut self, class: &Rc<Class<'a>>) -> Option<Table> {
        let place = class.place;
        let own = class.attributes.get_text("__table__");
        if let Some(table) = own {
            return self.table(&table);
        }
        let mut res = empty(class_name(class)?);
        let mut columns: Vec<Column> = Vec::new();
        for class in class.lineage() {
            let Value::Class(class) = class else { continue };
            for (name, value) in class.attributes.items() {
                let Some(name) = text_of(&name) else { continue };
                let value = match &value {
                    Value::Term(term) => match &term.kind {
                        // `deferred(Column(…))`
                        TermKind::Call { callee, arguments }
                            if matches!(known(callee), Some((_, "deferred" | "column_property"))) =>
                        {
                            arguments.positional.first().map_or(Value::Unknown, |(value, _)| value.clone())
                        }
                        _ => value,
                    },
                    _ => value,
                };
                if column_arguments(&value).is_some() {
                    match self.column(&value, &res.definition.name, Some(&name)) {
                        Some(column) if columns.iter().any(|known| known.key == column.key) => {}
                        Some(column) => columns.push(column),
                        None => res.definition.opaque = true,
                    }
                }
            }
            let annotated = self.interpreter.annotations(self.host, &class);
            // columns that only an annotation makes are not read here
            res.definition.opaque |= annotated.iter().any(|(name, _)| class.attributes.get_text(name).is_none());
        }
        let declared = self.interpreter.attribute(self.host, &Value::Class(class.clone()), "__table_args__", place);
        if let Value::Tuple(items) = &declared {
            for item in items.iter().filter(|item| !matches!(item, Value::Dict(_))) {
                let item = self.item(item, &res.definition.name);
                add(&mut res, &mut columns, item);
            }
        }
        Some(self.finish(res, columns))
    }

    /// Joins what stands in several places: primary keys, SERIAL.
    fn finish(&mut self, mut res: Table, mut columns: Vec<Column>) -> Table {
        let name = res.definition.name.clone();
        let is_primary = |kind: &ConstraintKind| matches!(kind, ConstraintKind::Primary);
        match res.definition.constraints.iter().find(|constraint| is_primary(&constraint.kind)) {
            Some(primary) => {
                for column in &mut columns {
                    column.primary =
                        primary.columns.contains(&column.definition.name) || primary.columns.contains(&column.key);
                }
            }
            None => {
                let keys: Vec<Arc<str>> = columns
                    .iter()
                    .filter(|column| column.primary)
                    .map(|column| column.definition.name.clone())
                    .collect();
                if !keys.is_empty() {
                    let parts = Parts { table: &name, columns: &keys, referred: None };
                    let made = self.naming.name(Kind::Primary, &Given::None, parts);
                    res.definition.constraints.insert(0, constraint(made, ConstraintKind::Primary, keys));
                }
            }
        }
        for constraint in &res.definition.constraints {
            if let ConstraintKind::Foreign(_) = constraint.kind {
                for column in columns.iter_mut().filter(|column| constraint.columns.contains(&column.definition.name)) {
                    column.foreign = true;
                }
            }
        }
        let n_primary = columns.iter().filter(|column| column.primary).count();
        for mut column in columns {
            if column.primary {
                column.make_primary(n_primary == 1);
            }
            if column.filled {
                res.filled.push(column.definition.name.clone());
            }
            if column.key != column.definition.name {
                res.keys.push((column.key, column.definition.name.clone()));
            }
            res.definition.columns.push(column.definition);
        }
        res
    }
}

fn empty(name: Name) -> Table {
    let definition = TableDef {
        comment: Comment::None,
        name,
        columns: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        if_not_exists: false,
        opaque: false,
        temporary: false,
    };
    Table { definition, filled: Vec::new(), keys: Vec::new() }
}

fn add(table: &mut Table, columns: &mut Vec<Column>, item: Item) {
    match item {
        Item::Column(column) => columns.push(*column),
        Item::Constraint(constraint) => table.definition.constraints.push(constraint),
        Item::Index(index) => table.definition.indexes.push(index),
        Item::Nothing => {}
        Item::Unknown => table.definition.opaque = true,
    }
}
