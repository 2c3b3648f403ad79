//! Tables: `Table(…)`, `table(…)`, what `op.create_table` is given; and how what a table is made of comes together.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Reader;
use super::column::{Column, column_arguments, comment, constraint};
use super::constraint::Item;
use super::declarative::is_declared;
use super::declarative_table::ClassTable;
use super::library::{Family, Given, call_of, known, text_of, written};
use super::naming::{Kind, Parts};
use crate::python::interpret::{Arguments, Class, Place, Term, TermKind, Text, Value};
use crate::schema::{Comment, Constraint, ConstraintKind, IndexDef, Name, TableDef};

/// A table as it is declared.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub definition: TableDef,
    /// The columns that SQLAlchemy fills when a row leaves them out; empty for `table(…)`, which knows no defaults.
    pub filled: Vec<Arc<str>>,
    /// The keys by which rows name columns, where they are not the names.
    pub keys: Vec<(Arc<str>, Arc<str>)>,
}

/// A table while it is put together, and where each part of it is written.
#[derive(Clone)]
pub struct Draft<'a> {
    pub name: Name,
    pub place: Place<'a>,
    pub columns: Vec<(Column, Place<'a>)>,
    pub constraints: Vec<(Constraint, Place<'a>)>,
    pub indexes: Vec<(IndexDef, Place<'a>)>,
    pub comment: Comment,
    /// It may have columns that are not known.
    pub opaque: bool,
    /// It may have constraints or indexes that are not known.
    pub unnamed: bool,
    /// It may be in another schema.
    pub elsewhere: bool,
    /// Columns that may or may not be there.
    pub doubtful: Vec<Arc<str>>,
    /// What was not understood.
    pub unknown: Vec<Place<'a>>,
    /// The objects that stand in its arguments, by their addresses.
    pub used: Vec<usize>,
}

/// What a column object stands in.
#[derive(Clone)]
pub enum Owner<'a> {
    /// A class, as this attribute.
    Class(Rc<Class<'a>>, Text<'a>),
    Table(Rc<Term<'a>>),
}

/// The columns of the table that is being read: by the objects and by the attributes that they are.
#[derive(Default)]
pub(super) struct Local {
    objects: HashMap<usize, Arc<str>>,
    attributes: HashMap<Arc<str>, Arc<str>>,
    keys: HashMap<Arc<str>, Arc<str>>,
}

impl Local {
    pub fn clear(&mut self) {
        self.objects.clear();
        self.attributes.clear();
        self.keys.clear();
    }

    /// Notes the column that an attribute is.
    pub fn know(&mut self, object: Option<&Value<'_>>, attribute: &str, column: &Arc<str>) {
        self.attributes.insert(attribute.into(), column.clone());
        let Some(object) = object else { return };
        self.objects.extend(address(object).map(|address| (address, column.clone())));
        // `deferred(Column(…))`
        if let Some((_, arguments)) = call_of(object)
            && let Some((inner, _)) = arguments.positional.first()
            && column_arguments(inner).is_some()
        {
            self.objects.extend(address(inner).map(|address| (address, column.clone())));
        }
    }

    /// Notes the name by which Python knows a column.
    pub fn know_key(&mut self, column: &Column) {
        if column.key != column.definition.name {
            self.keys.insert(column.key.clone(), column.definition.name.clone());
        }
    }

    /// The column that an object, an attribute of a class or a key is.
    pub fn name(&self, value: &Value<'_>) -> Option<Arc<str>> {
        match value {
            Value::Function(function) if is_declared(function) => self.attributes.get(function.name).cloned(),
            Value::Term(term) => match &term.kind {
                TermKind::Attribute(Value::Class(_), name) => self.attributes.get(&**name).cloned(),
                _ => self.objects.get(&address(value)?).cloned(),
            },
            Value::Str(key) => self.keys.get(&**key).cloned(),
            value => self.objects.get(&address(value)?).cloned(),
        }
    }
}

/// Which object a value is.
pub fn address(value: &Value<'_>) -> Option<usize> {
    match value {
        Value::Term(term) => Some(Rc::as_ptr(term) as usize),
        Value::Instance(instance) => Some(Rc::as_ptr(instance) as usize),
        _ => None,
    }
}

/// Whether a callable makes a table: `Table`, `table`, `op.create_table`.
fn makes_table(callee: &Value<'_>) -> Option<bool> {
    let (family, name) = known(callee)?;
    Some(match family {
        Family::SqlAlchemy => matches!(name, "Table" | "table" | "TableClause"),
        _ => callee.as_name() == Some("alembic.op.create_table"),
    })
}

/// How many positional arguments of `Table` come before what it is made of; Flask-SQLAlchemy's `db.Table` may go without a metadata.
fn n_before_parts<'a>(callee: &Value<'a>, arguments: &Arguments<'a>) -> usize {
    let has_metadata = match (known(callee), arguments.positional.get(1)) {
        (Some((_, "Table")), Some((second, _))) => {
            let is_flask = matches!(callee.as_term().map(|term| &term.kind), Some(TermKind::Attribute(..)));
            let is_part = column_arguments(second).is_some()
                || call_of(second)
                    .and_then(|(callee, _)| known(callee))
                    .is_some_and(|(_, name)| name.ends_with("Constraint") || name == "Index");
            !(is_flask && is_part)
        }
        _ => false,
    };
    1 + usize::from(has_metadata)
}

impl<'a> Reader<'_, 'a> {
    /// The name of a table that a value stands for.
    pub fn table_name(&mut self, value: &Value<'a>) -> Option<Name> {
        let (callee, arguments) = match value {
            Value::Class(class) => return self.class_name(class),
            _ => match &value.as_term()?.kind {
                TermKind::Attribute(class @ Value::Class(_), name) if **name == *"__table__" => {
                    return self.table_name(class);
                }
                TermKind::Call { callee, arguments } => (callee, arguments),
                _ => return None,
            },
        };
        if !makes_table(callee)? {
            return None;
        }
        let name = arguments.get(0, "name").or_else(|| written(arguments, "table_name"))?;
        self.qualified(&text_of(&name)?, written(arguments, "schema"))
    }

    /// Reads a table; `None` when the value is none, or its name is not known.
    pub fn table(&mut self, value: &Value<'a>) -> Option<Table> {
        if let Value::Class(class) = value {
            return self.table_of_class(class);
        }
        let term = value.as_term()?;
        match &term.kind {
            TermKind::Attribute(class @ Value::Class(_), name) if **name == *"__table__" => self.table(class),
            TermKind::Call { callee, arguments } if matches!(known(callee), Some((_, "table" | "TableClause"))) => {
                let name = self.table_name(value)?;
                let items: Vec<Value<'a>> =
                    arguments.positional.iter().skip(1).map(|(value, _)| value.clone()).collect();
                let mut res = self.clause(name, &items);
                res.definition.opaque |= arguments.more;
                Some(res)
            }
            TermKind::Call { .. } => Some(self.draft(term)?.table()),
            _ => None,
        }
    }

    /// Reads `Table(…)`.
    pub fn draft(&mut self, term: &Rc<Term<'a>>) -> Option<Draft<'a>> {
        let TermKind::Call { callee, arguments } = &term.kind else { return None };
        let mut draft = Draft::new(self.table_name(&Value::Term(term.clone()))?, term.place);
        self.local.clear();
        for (value, span) in arguments.positional.iter().skip(n_before_parts(callee, arguments)) {
            let place = match value.as_term() {
                Some(made) if std::ptr::eq(made.place.module, term.place.module) => made.place,
                _ => Place { module: term.place.module, span: *span },
            };
            let item = self.item(value, &draft.name);
            if let Item::Column(column) = &item {
                self.local.know_key(column);
            }
            draft.used.extend(address(value));
            draft.add(item, place);
        }
        let reflected = ["autoload", "autoload_with"]
            .iter()
            .any(|name| !matches!(written(arguments, name), None | Some(Value::None) | Some(Value::Bool(false))));
        draft.opaque |= arguments.more || reflected;
        draft.comment = comment(arguments);
        Some(self.finish(draft))
    }

    /// The table that the objects of a class are in.
    fn table_of_class(&mut self, class: &Rc<Class<'a>>) -> Option<Table> {
        match self.class_table(class) {
            ClassTable::Own(draft) => Some(self.finish(*draft).table()),
            ClassTable::Of(parent, draft) => {
                let ClassTable::Own(mut own) = self.class_table(&parent) else { return None };
                own.join(*draft);
                Some(self.finish(*own).table())
            }
            ClassTable::Given(table) => self.table(&table),
            ClassTable::None | ClassTable::Unknown => None,
        }
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
        let mut columns = Vec::new();
        for item in items {
            match self.item(item, &res.definition.name) {
                Item::Column(column) => columns.push(*column),
                Item::Constraint(constraint) => res.definition.constraints.push(constraint),
                Item::Index(index) => res.definition.indexes.push(index),
                Item::Nothing => {}
                Item::Unknown => res.definition.opaque = true,
            }
        }
        let name = res.definition.name.clone();
        self.settle(&name, columns.iter_mut(), &mut res.definition.constraints);
        res.take(columns);
        res
    }

    /// Joins what stands in several places: primary keys, SERIAL, keys.
    pub fn finish(&mut self, mut draft: Draft<'a>) -> Draft<'a> {
        let mut constraints: Vec<Constraint> =
            draft.constraints.iter().map(|(constraint, _)| constraint.clone()).collect();
        let n_before = constraints.len();
        let name = draft.name.clone();
        self.settle(&name, draft.columns.iter_mut().map(|(column, _)| column), &mut constraints);
        let n_new = constraints.len() - n_before;
        let places = std::iter::repeat_n(draft.place, n_new).chain(draft.constraints.iter().map(|(_, place)| *place));
        draft.constraints = constraints.into_iter().zip(places.collect::<Vec<_>>()).collect();
        let keys: HashMap<Arc<str>, Arc<str>> = draft
            .columns
            .iter()
            .filter(|(column, _)| column.key != column.definition.name)
            .map(|(column, _)| (column.key.clone(), column.definition.name.clone()))
            .collect();
        if !keys.is_empty() {
            let named = draft.constraints.iter_mut().flat_map(|(constraint, _)| constraint.columns.iter_mut());
            let indexed = draft.indexes.iter_mut().flat_map(|(index, _)| index.columns.iter_mut().flatten());
            for name in named.chain(indexed) {
                if let Some(column) = keys.get(name) {
                    *name = column.clone();
                }
            }
        }
        draft
    }

    /// Which columns are the primary key, and what that makes of them; one that nobody wrote comes first among the constraints.
    fn settle<'c>(
        &self,
        table: &Name,
        columns: impl Iterator<Item = &'c mut Column>,
        constraints: &mut Vec<Constraint>,
    ) {
        let mut columns: Vec<&mut Column> = columns.collect();
        let keys: Vec<Arc<str>> =
            columns.iter().filter(|column| column.primary).map(|column| column.definition.name.clone()).collect();
        match constraints.iter_mut().find(|constraint| matches!(constraint.kind, ConstraintKind::Primary)) {
            Some(primary) if primary.columns.is_empty() => primary.columns = keys,
            Some(primary) => {
                for column in &mut columns {
                    column.primary =
                        primary.columns.contains(&column.definition.name) || primary.columns.contains(&column.key);
                }
            }
            None => {
                if !keys.is_empty() {
                    let parts = Parts { table, columns: &keys, referred: None };
                    let made = self.naming.name(Kind::Primary, &Given::None, parts);
                    constraints.insert(0, constraint(made, ConstraintKind::Primary, keys));
                }
            }
        }
        for constraint in constraints.iter() {
            if let ConstraintKind::Foreign(_) = constraint.kind {
                for column in columns.iter_mut().filter(|column| constraint.columns.contains(&column.definition.name)) {
                    column.foreign = true;
                }
            }
        }
        let n_primary = columns.iter().filter(|column| column.primary).count();
        for column in columns.into_iter().filter(|column| column.primary) {
            let nullable = column.definition.nullable;
            column.make_primary(n_primary == 1);
            if self.in_metadata && column.nullable_written {
                column.definition.nullable = nullable;
            }
        }
    }
}

impl<'a> Draft<'a> {
    pub fn new(name: Name, place: Place<'a>) -> Self {
        Draft {
            name,
            place,
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            comment: Comment::None,
            opaque: false,
            unnamed: false,
            elsewhere: false,
            doubtful: Vec::new(),
            unknown: Vec::new(),
            used: Vec::new(),
        }
    }

    /// Takes what was read in.
    pub fn add(&mut self, item: Item, place: Place<'a>) {
        match item {
            Item::Column(column) => self.columns.push((*column, place)),
            Item::Constraint(constraint) => self.constraints.push((constraint, place)),
            Item::Index(index) => self.indexes.push((index, place)),
            Item::Nothing => {}
            Item::Unknown => {
                self.opaque = true;
                self.unknown.push(place);
            }
        }
    }

    /// Takes in what a class adds to the table of the one that it inherits from; of columns of one name the first counts.
    pub fn join(&mut self, other: Draft<'a>) {
        for (column, place) in other.columns {
            if !self.columns.iter().any(|(known, _)| known.definition.name == column.definition.name) {
                self.columns.push((column, place));
            }
        }
        let is_same = |one: &Place<'a>, two: &Place<'a>| std::ptr::eq(one.module, two.module) && one.span == two.span;
        for (constraint, place) in other.constraints {
            if !self.constraints.iter().any(|(known, at)| is_same(at, &place) && *known == constraint) {
                self.constraints.push((constraint, place));
            }
        }
        for (index, place) in other.indexes {
            if !self.indexes.iter().any(|(known, at)| is_same(at, &place) && *known == index) {
                self.indexes.push((index, place));
            }
        }
        self.opaque |= other.opaque;
        self.unnamed |= other.unnamed;
        self.doubtful.extend(other.doubtful);
        self.unknown.extend(other.unknown);
        self.used.extend(other.used);
    }

    pub(super) fn has_primary(&self) -> bool {
        self.columns.iter().any(|(column, _)| column.primary)
            || self.constraints.iter().any(|(constraint, _)| matches!(constraint.kind, ConstraintKind::Primary))
    }

    fn table(self) -> Table {
        let mut res = empty(self.name);
        res.definition.comment = self.comment;
        res.definition.opaque = self.opaque || self.unnamed;
        res.definition.constraints = self.constraints.into_iter().map(|(constraint, _)| constraint).collect();
        res.definition.indexes = self.indexes.into_iter().map(|(index, _)| index).collect();
        res.take(self.columns.into_iter().map(|(column, _)| column).collect());
        res
    }
}

impl Table {
    fn take(&mut self, columns: Vec<Column>) {
        for column in columns {
            if column.filled {
                self.filled.push(column.definition.name.clone());
            }
            if column.key != column.definition.name {
                self.keys.push((column.key, column.definition.name.clone()));
            }
            self.definition.columns.push(column.definition);
        }
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
