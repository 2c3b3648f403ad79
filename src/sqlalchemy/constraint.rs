//! Constraints and indexes.

use std::rc::Rc;
use std::sync::Arc;

use super::Reader;
use super::column::{Column, column_arguments, constraint};
use super::declarative::Mapping;
use super::library::{Family, call_of, given_name, known, method_of, text_of, written};
use super::naming::{Kind, Made, Parts, stored};
use super::table::{Owner, address};
use crate::python::interpret::{Arguments, Class, TermKind, Value};
use crate::schema::{Certainty, Constraint, ConstraintKind, Deferral, IndexDef, Name, Order, Reference};

/// One argument of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Column(Box<Column>),
    Constraint(Constraint),
    Index(IndexDef),
    /// Of no consequence for the schema.
    Nothing,
    Unknown,
}

impl<'a> Reader<'_, 'a> {
    /// Reads an argument of `Table` or `op.create_table`.
    pub fn item(&mut self, value: &Value<'a>, table: &Name) -> Item {
        if column_arguments(value).is_some() {
            return self.column(value, table, None).map_or(Item::Unknown, |column| Item::Column(Box::new(column)));
        }
        let Some((callee, arguments)) = call_of(value) else {
            return match value {
                Value::None => Item::Nothing,
                _ => Item::Unknown,
            };
        };
        if let Some((object, "ddl_if", condition)) = method_of(value) {
            return match condition.get(0, "dialect").and_then(|dialect| text_of(&dialect)).as_deref() {
                Some("postgresql") => self.item(object, table),
                Some(_) => Item::Nothing,
                None => Item::Unknown,
            };
        }
        match known(callee) {
            Some((_, name)) if name.ends_with("Constraint") => self.table_constraint(name, arguments, table),
            Some((_, "Index")) => self.index(arguments, table).map_or(Item::Unknown, Item::Index),
            _ => Item::Unknown,
        }
    }

    fn table_constraint(&mut self, class: &str, arguments: &Arguments<'a>, table: &Name) -> Item {
        let given = given_name(written(arguments, "name").as_ref());
        let mut all = |arguments: &Arguments<'a>| -> Option<Vec<Arc<str>>> {
            let names = arguments.positional.iter().map(|(value, _)| self.named_column(value));
            names.collect::<Option<Vec<_>>>().filter(|_| !arguments.more)
        };
        let (kind, name_kind, columns) = match class {
            "PrimaryKeyConstraint" => (ConstraintKind::Primary, Kind::Primary, all(arguments)),
            "UniqueConstraint" => (ConstraintKind::Unique, Kind::Unique, all(arguments)),
            "CheckConstraint" => {
                let given = given_name(
                    written(arguments, "name")
                        .or_else(|| arguments.positional.get(1).map(|(name, _)| name.clone()))
                        .as_ref(),
                );
                let made = self.naming.name(Kind::Check, &given, Parts { table, columns: &[], referred: None });
                return Item::Constraint(constraint(made, ConstraintKind::Check, Vec::new()));
            }
            "ForeignKeyConstraint" => {
                let columns = arguments.get(0, "columns").and_then(|columns| self.column_names(&columns));
                let Some(reference) = self.reference(arguments) else {
                    return match self.in_metadata {
                        true => Item::Constraint(unknown_reference(columns.unwrap_or_default())),
                        false => Item::Unknown,
                    };
                };
                let given = given_name(
                    written(arguments, "name")
                        .or_else(|| arguments.positional.get(2).map(|(name, _)| name.clone()))
                        .as_ref(),
                );
                let columns = columns.unwrap_or_default();
                let referred = Some((&reference.table, &reference.columns[..]));
                let made = self.naming.name(Kind::Foreign, &given, Parts { table, columns: &columns, referred });
                let made = constraint(made, ConstraintKind::Foreign(reference), columns);
                return Item::Constraint(self.left_out(made, arguments));
            }
            // no convention is for it
            "ExcludeConstraint" => {
                let made = match &given {
                    super::Given::Plain(name) | super::Given::Final(name) => Made::Name(stored(name)),
                    super::Given::None => Made::Unnamed,
                    super::Given::Unknown => Made::Unknown,
                };
                return Item::Constraint(constraint(made, ConstraintKind::Exclude, Vec::new()));
            }
            _ => return Item::Unknown,
        };
        let columns = columns.unwrap_or_default();
        let made = self.naming.name(name_kind, &given, Parts { table, columns: &columns, referred: None });
        Item::Constraint(constraint(made, kind, columns))
    }

    /// The names that a list of columns gives.
    pub fn column_names(&mut self, value: &Value<'a>) -> Option<Vec<Arc<str>>> {
        // `op.create_unique_constraint(name, table, "a")` takes the letters of the text for columns
        if let Value::Str(_) = value {
            return None;
        }
        let values = self.interpreter.iterate(self.host, value)?;
        values.iter().map(|value| self.named_column(value)).collect()
    }

    /// The name of a column, be it by the object that makes it, or by an attribute of its class.
    fn named_column(&mut self, value: &Value<'a>) -> Option<Arc<str>> {
        if let Some(name) = self.local.name(value) {
            return Some(name);
        }
        if let Some((_, name)) = self.owner(value) {
            return Some(name);
        }
        match value.as_term().map(|term| &term.kind) {
            Some(TermKind::Attribute(Value::Class(class), name)) => Some(self.column_of_class(class, name)?.1),
            _ => column_name(value),
        }
    }

    /// What a column object stands in, and its name.
    pub fn owner(&self, value: &Value<'a>) -> Option<(&Owner<'a>, Arc<str>)> {
        let owner = self.classes.owners.get(&address(value)?)?;
        let name = match owner {
            Owner::Class(_, attribute) => column_name(value).unwrap_or_else(|| stored(attribute)),
            Owner::Table(_) => column_name(value)?,
        };
        Some((owner, name))
    }

    fn reference(&mut self, arguments: &Arguments<'a>) -> Option<Reference> {
        let targets = self.interpreter.iterate(self.host, &arguments.get(1, "refcolumns")?)?;
        let mut res: Option<Reference> = None;
        for target in &targets {
            let (table, column) = self.target_of(target)?;
            match &mut res {
                Some(reference) if reference.table == table => reference.columns.push(column),
                Some(_) => return None,
                None => {
                    res = Some(Reference {
                        table,
                        columns: vec![column],
                        on_delete: None,
                        on_update: None,
                        deferral: Deferral::Never,
                    });
                }
            }
        }
        let mut res = res?;
        reference_actions(&mut res, arguments);
        Some(res)
    }

    /// What `Index(name, *expressions, unique=…)` makes; `None` when its name cannot be told.
    pub fn index(&mut self, arguments: &Arguments<'a>, table: &Name) -> Option<IndexDef> {
        let given = given_name(arguments.get(0, "name").as_ref());
        let expressions: Vec<Value<'a>> = arguments.positional.iter().skip(1).map(|(value, _)| value.clone()).collect();
        self.index_of(&given, &expressions, arguments, table)
    }

    /// The same for `op.create_index`, whose columns are a list.
    pub fn index_of(
        &mut self,
        given: &super::Given,
        expressions: &[Value<'a>],
        arguments: &Arguments<'a>,
        table: &Name,
    ) -> Option<IndexDef> {
        let columns: Vec<Option<Arc<str>>> = expressions.iter().map(|value| self.indexed_column(value)).collect();
        let named: Vec<Arc<str>> = columns.iter().flatten().cloned().collect();
        let made = self.naming.name(Kind::Index, given, Parts { table, columns: &named, referred: None });
        let flag = |name: &str| arguments.keyword(name).is_some_and(|value| value.truth() == Some(true));
        // written behind the column as it is, be it an order
        let classes = match arguments.keyword("postgresql_ops") {
            Some(Value::Dict(classes)) => Some(classes),
            _ => None,
        };
        let class_of = |column: &Option<Arc<str>>| text_of(&classes.as_ref()?.get_text(column.as_ref()?)?);
        let order = |(value, column): (&Value<'a>, &Option<Arc<str>>)| {
            let (words, class) = (order_words(value, MOST_WORDS), class_of(column).unwrap_or_default());
            Order::of(class.split_whitespace().chain(words.iter().map(String::as_str)))
        };
        let orders = expressions.iter().zip(&columns).map(order).collect();
        Some(IndexDef {
            name: Some(made.name()?),
            columns,
            orders,
            unique: flag("unique"),
            if_not_exists: flag("if_not_exists"),
            concurrently: flag("postgresql_concurrently"),
            compares: Vec::new(),
        })
    }
}

impl<'a> Reader<'_, 'a> {
    /// What an index is on: a column, be it with an order; else an expression.
    fn indexed_column(&mut self, value: &Value<'a>) -> Option<Arc<str>> {
        if let Some((object, "desc" | "asc" | "nulls_last" | "nullslast" | "nulls_first" | "nullsfirst", _)) =
            method_of(value)
        {
            return self.indexed_column(object);
        }
        if let Some((callee, arguments)) = call_of(value) {
            match known(callee) {
                Some((
                    Family::SqlAlchemy,
                    "desc" | "asc" | "nulls_last" | "nullslast" | "nulls_first" | "nullsfirst",
                )) => {
                    return arguments.positional.first().and_then(|(value, _)| self.indexed_column(value));
                }
                Some((_, "text" | "literal_column")) => {
                    return arguments
                        .get(0, "text")
                        .and_then(|text| text_of(&text))
                        .and_then(|text| plain_column(&text));
                }
                _ => {}
            }
        }
        self.named_column(value)
    }

    /// What the first argument of `ForeignKey` points at.
    pub(super) fn foreign_key(&mut self, arguments: &Arguments<'a>) -> Option<Reference> {
        let (table, column) = self.target_of(&arguments.get(0, "column")?)?;
        Some(Reference { table, columns: vec![column], on_delete: None, on_update: None, deferral: Deferral::Never })
    }

    /// `schema.table.column`, or a column of a table.
    fn target_of(&mut self, value: &Value<'a>) -> Option<(Name, Arc<str>)> {
        if let Some(text) = text_of(value) {
            let (table, column) = text.rsplit_once('.')?;
            let table = match table.rsplit_once('.') {
                Some((schema, table)) => Name::new(Some(schema), &stored(table)),
                None => Name::new(self.schema.as_deref(), &stored(table)),
            };
            return Some((table, stored(column)));
        }
        if let Some((owner, column)) = self.owner(value) {
            return match owner.clone() {
                Owner::Class(class, _) => Some((self.class_name(&class)?, column)),
                Owner::Table(table) => Some((self.table_name(&Value::Term(table))?, column)),
            };
        }
        if let Value::Term(term) = value
            && let TermKind::Attribute(Value::Class(class), name) = &term.kind
        {
            return self.column_of_class(class, name);
        }
        let (columns, column) = match &value.as_term()?.kind {
            TermKind::Attribute(columns, name) => (columns, stored(name)),
            TermKind::Item(columns, name) => (columns, stored(&text_of(name)?)),
            _ => return None,
        };
        match &columns.as_term()?.kind {
            TermKind::Attribute(table, name) if matches!(&**name, "c" | "columns") => {
                Some((self.table_name(table)?, column))
            }
            _ => None,
        }
    }

    /// The table and the column that an attribute of a class stands for: what it inherits from what is not mapped is its own.
    fn column_of_class(&mut self, class: &Rc<Class<'a>>, name: &str) -> Option<(Name, Arc<str>)> {
        let standing = self.standing(class);
        let found = standing.order.iter().find_map(|base| match base {
            Value::Class(base) => Some((base, base.attributes.get_text(name)?)),
            _ => None,
        });
        let Some((base, value)) = found else { return Some((self.class_name(class)?, stored(name))) };
        let is_own = Rc::ptr_eq(base, class) || self.standing(base).mapping != Mapping::Mapped;
        let table = self.class_name(if is_own { class } else { base })?;
        Some((table, column_name(&value).unwrap_or_else(|| stored(name))))
    }

    /// `CREATE TABLE` leaves out a foreign key with `use_alter=True`; `create_all` adds it afterwards, `op.create_table` does not.
    pub(super) fn left_out(&self, constraint: Constraint, arguments: &Arguments<'a>) -> Constraint {
        match arguments.keyword("use_alter").map(|value| value.truth()) {
            _ if self.in_metadata => constraint,
            None | Some(Some(false)) => constraint,
            Some(_) => Constraint { certainty: Certainty::Maybe, ..constraint },
        }
    }
}

/// The name of a column: text, a `Column`, `table.c.x`, `column("x")`.
pub fn column_name(value: &Value<'_>) -> Option<Arc<str>> {
    if let Some(text) = text_of(value) {
        return Some(stored(&text));
    }
    if let Some(arguments) = column_arguments(value) {
        let name = arguments.positional.first().map(|(value, _)| value.clone());
        return name.and_then(|name| text_of(&name)).map(|name| stored(&name));
    }
    match &value.as_term()?.kind {
        TermKind::Attribute(columns, name) if is_columns(columns) => Some(stored(name)),
        TermKind::Item(columns, name) if is_columns(columns) => text_of(name).map(|name| stored(&name)),
        TermKind::Call { callee, arguments } => match known(callee)? {
            (_, "column" | "quoted_name" | "literal_column") => Some(stored(&text_of(&arguments.get(0, "text")?)?)),
            _ => None,
        },
        _ => None,
    }
}

/// `table.c`, `table.columns`.
fn is_columns(value: &Value<'_>) -> bool {
    match value.as_term().map(|term| &term.kind) {
        Some(TermKind::Attribute(_, name)) => matches!(&**name, "c" | "columns"),
        Some(TermKind::Name(path)) => path.ends_with(".c") || path.ends_with(".columns"),
        _ => false,
    }
}

/// Orders within orders: more than any real one.
const MOST_WORDS: usize = 8;

/// How an index is sorted by an expression, in SQL's words.
fn order_words(value: &Value<'_>, depth: usize) -> Vec<String> {
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    let word = |method: &str| match method {
        "desc" => Some("desc"),
        "nulls_first" | "nullsfirst" => Some("first"),
        "nulls_last" | "nullslast" => Some("last"),
        _ => None,
    };
    let (inner, method) = match (method_of(value), call_of(value)) {
        (Some((object, method, _)), _) if word(method).is_some() => (object.clone(), method),
        (_, Some((callee, arguments))) => match (known(callee), arguments.positional.first()) {
            (Some((_, "text" | "literal_column")), _) => {
                let text = arguments.get(0, "text").and_then(|text| text_of(&text)).unwrap_or_default();
                return text.split_whitespace().skip(1).map(str::to_owned).collect();
            }
            (Some((Family::SqlAlchemy, method)), Some((inner, _))) if word(method).is_some() => (inner.clone(), method),
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let mut res = order_words(&inner, depth);
    res.extend(word(method).map(str::to_owned));
    res
}

/// The column that a piece of SQL such as `"created_at" DESC NULLS LAST` names.
fn plain_column(text: &str) -> Option<Arc<str>> {
    let mut words = text.split_whitespace();
    let name = words.next()?;
    let orders = ["asc", "desc", "nulls", "first", "last"];
    if !words.all(|word| orders.contains(&word.to_ascii_lowercase().as_str())) {
        return None;
    }
    let is_word = |text: &str| {
        !text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(quoted) => (!quoted.contains('"')).then(|| stored(quoted)),
        None => is_word(name).then(|| stored(&name.to_lowercase())),
    }
}

/// A foreign key to something that cannot be told.
pub(super) fn unknown_reference(columns: Vec<Arc<str>>) -> Constraint {
    let reference = Reference {
        table: Name::from(""),
        columns: Vec::new(),
        on_delete: None,
        on_update: None,
        deferral: Deferral::Never,
    };
    Constraint {
        name: None,
        kind: ConstraintKind::Foreign(reference),
        columns,
        certainty: Certainty::Maybe,
        origin: None,
    }
}

pub(super) fn reference_actions(reference: &mut Reference, arguments: &Arguments<'_>) {
    let action = |name: &str| {
        let text = arguments.keyword(name).and_then(|value| text_of(&value))?;
        (!text.eq_ignore_ascii_case("no action")).then(|| Arc::from(text.to_ascii_uppercase()))
    };
    reference.on_delete = action("ondelete");
    reference.on_update = action("onupdate");
    reference.deferral = deferral(arguments.keyword("deferrable").as_ref(), arguments.keyword("initially").as_ref());
}

/// `deferrable=`, `initially=`.
pub fn deferral(deferrable: Option<&Value<'_>>, initially: Option<&Value<'_>>) -> Deferral {
    if initially.and_then(text_of).is_some_and(|text| text.eq_ignore_ascii_case("deferred")) {
        return Deferral::Initially;
    }
    match deferrable.and_then(|value| value.truth()) {
        Some(true) => Deferral::Possible,
        Some(false) | None => Deferral::Never,
    }
}
