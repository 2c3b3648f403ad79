//! What a declarative class puts into a table: columns of its own and of its mixins, `__table_args__`.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use super::Reader;
use super::annotation::{Attribute, Declared, is_mapped};
use super::column::{Column, column_arguments, is_column_class};
use super::constraint::Item;
use super::declarative::{Mapping, Standing, TableName, is_declared};
use super::library::{Family, call_of, known, text_of};
use super::table::{Draft, address};
use crate::python::interpret::{Class, Place, Text, Value};
use crate::schema::{Comment, Name};

/// What the body of a class says, in the order in which it is written.
pub struct Body<'a> {
    lines: Vec<Line<'a>>,
    /// It may have attributes that are not known.
    more: bool,
}

struct Line<'a> {
    name: Text<'a>,
    annotation: Option<Value<'a>>,
    assigned: Option<Value<'a>>,
    place: Place<'a>,
}

/// The dictionary at the end of `__table_args__`.
#[derive(Default)]
pub(super) struct Options<'a> {
    pub schema: Option<Value<'a>>,
    comment: Option<Value<'a>>,
    /// The columns are read from the database.
    reflected: bool,
    /// There are constraints or indexes that are not known.
    unknown: bool,
}

/// What a mapped class declares.
pub enum ClassTable<'a> {
    Own(Box<Draft<'a>>),
    /// Single-table inheritance: columns for the table of this class.
    Of(Rc<Class<'a>>, Box<Draft<'a>>),
    /// `__table__` is this.
    Given(Value<'a>),
    /// It has no table.
    None,
    /// It has one whose name cannot be told.
    Unknown,
}

impl<'a> Reader<'_, 'a> {
    /// Reads a mapped class (SQLAlchemy's `_ClassScanMapperConfig`).
    pub fn class_table(&mut self, class: &Rc<Class<'a>>) -> ClassTable<'a> {
        let standing = self.standing(class);
        if let Some(table) = self.given_table(class, &standing) {
            return ClassTable::Given(table);
        }
        let own_name = match self.name_of_table(class, &standing) {
            TableName::Unknown => return ClassTable::Unknown,
            TableName::Named(name) => Some(name),
            TableName::None => None,
        };
        let (items, options) = match own_name {
            Some(_) => self.table_arguments(class, &standing),
            None => Default::default(),
        };
        let name = match own_name {
            Some(name) => self.qualified(&name, options.schema.clone()),
            None => match &standing.parent {
                Some(parent) => self.class_name(&parent.clone()),
                None => return ClassTable::None,
            },
        };
        let Some(name) = name else { return ClassTable::Unknown };
        let is_own = matches!(self.name_of_table(class, &standing), TableName::Named(_));
        let mut draft = Draft::new(name, class.place);
        draft.opaque = standing.outside || options.reflected;
        draft.unnamed = options.unknown;
        draft.elsewhere = options.unknown;
        draft.comment = match &options.comment {
            None | Some(Value::None) => Comment::None,
            Some(comment) => text_of(comment).map_or(Comment::Unknown, |text| Comment::Text(text.into())),
        };
        self.local.clear();
        self.collect(class, &standing, &mut draft);
        for (item, place) in items {
            let read = self.item(&item, &draft.name);
            if let Some(address) = address(&item) {
                draft.used.push(address);
            }
            match read {
                Item::Unknown => draft.unnamed = true,
                read => draft.add(read, place),
            }
        }
        match standing.parent.clone().filter(|_| !is_own || (standing.flask.is_some() && !draft.has_primary())) {
            Some(parent) => ClassTable::Of(parent, Box::new(draft)),
            None => ClassTable::Own(Box::new(draft)),
        }
    }

    /// `__table__ = Table(…)` of the class or of a mixin.
    fn given_table(&mut self, class: &Rc<Class<'a>>, standing: &Standing<'a>) -> Option<Value<'a>> {
        for base in &standing.order {
            let Value::Class(base) = base else { continue };
            if !Rc::ptr_eq(base, class) && self.standing(base).mapping == Mapping::Mapped {
                continue;
            }
            match base.attributes.get_text("__table__") {
                None | Some(Value::None) => {}
                Some(table) => return Some(self.computed(&table, class)),
            }
        }
        None
    }

    /// What `__table_args__` holds, be it inherited from what is not mapped itself, and where; and its options.
    pub(super) fn table_arguments(
        &mut self,
        class: &Rc<Class<'a>>,
        standing: &Standing<'a>,
    ) -> (Vec<(Value<'a>, Place<'a>)>, Options<'a>) {
        let mut options = Options::default();
        for base in &standing.order {
            let Value::Class(base) = base else { continue };
            let Some(value) = base.attributes.get_text("__table_args__") else { continue };
            let computed = matches!(value, Value::Function(_));
            if !Rc::ptr_eq(base, class) && !computed && self.standing(base).mapping == Mapping::Mapped {
                continue;
            }
            let value = self.computed(&value, class);
            let span = base.written("__table_args__").unwrap_or(base.place.span);
            let place = Place { module: base.place.module, span };
            let mut items: Vec<Value<'a>> = match value {
                Value::Tuple(items) => items.to_vec(),
                Value::Dict(_) => vec![value],
                Value::None => continue,
                _ => {
                    options.unknown = true;
                    return (Vec::new(), options);
                }
            };
            if let Some(Value::Dict(dict)) = items.last() {
                options.schema = dict.get_text("schema");
                options.comment = dict.get_text("comment");
                // it may hold a schema that is not seen
                options.unknown |= dict.more.get();
                options.reflected = ["autoload", "autoload_with"]
                    .iter()
                    .any(|name| !matches!(dict.get_text(name), None | Some(Value::None) | Some(Value::Bool(false))));
                items.pop();
            }
            let written = |item: &Value<'a>| match item.as_term() {
                Some(term) if std::ptr::eq(term.place.module, place.module) => term.place,
                _ => place,
            };
            let items = items.into_iter().map(|item| (item.clone(), written(&item))).collect();
            return (items, options);
        }
        (Vec::new(), options)
    }

    /// The columns of a class and of what it inherits from and is not mapped itself; the first of each name counts.
    fn collect(&mut self, class: &Rc<Class<'a>>, standing: &Standing<'a>, draft: &mut Draft<'a>) {
        let mut seen: HashSet<Text<'a>> = HashSet::new();
        let mut theirs: HashSet<*const Class<'a>> = HashSet::new();
        for base in &standing.order {
            let Value::Class(base) = base else { continue };
            if theirs.contains(&Rc::as_ptr(base)) {
                continue;
            }
            let of_base = self.standing(base);
            let body = self.body(base);
            if !Rc::ptr_eq(base, class) && of_base.mapping == Mapping::Mapped {
                // what a mapped class has, and has inherited, is on its own table
                theirs.extend(of_base.order.iter().filter_map(|base| match base {
                    Value::Class(base) => Some(Rc::as_ptr(base)),
                    _ => None,
                }));
                for base in &of_base.order {
                    if let Value::Class(base) = base {
                        seen.extend(self.body(base).lines.iter().map(|line| line.name.clone()));
                    }
                }
                continue;
            }
            draft.opaque |= body.more;
            for line in &body.lines {
                if !seen.insert(line.name.clone()) {
                    continue;
                }
                match self.line(class, base, line, standing, &draft.name) {
                    Declared::Column(column) => {
                        self.local.know_key(&column);
                        self.local.know(line.assigned.as_ref(), &line.name, &column.definition.name);
                        draft.columns.push((*column, line.place));
                    }
                    Declared::Nothing => {}
                    Declared::Unknown => {
                        draft.opaque = true;
                        draft.doubtful.push(Arc::from(&*line.name));
                        draft.unknown.push(line.place);
                    }
                }
            }
        }
    }

    fn line(
        &mut self,
        class: &Rc<Class<'a>>,
        base: &Rc<Class<'a>>,
        line: &Line<'a>,
        standing: &Standing<'a>,
        table: &Name,
    ) -> Declared {
        let attribute = |assigned| Attribute {
            name: &line.name,
            class: base,
            annotation: line.annotation.as_ref(),
            assigned,
            table,
            types: &standing.types,
        };
        if standing.sqlmodel {
            return match line.annotation {
                Some(_) => self.field(&attribute(line.assigned.as_ref())),
                None => Declared::Nothing,
            };
        }
        let Some(assigned) = &line.assigned else {
            return self.mapped(&attribute(None));
        };
        if let Value::Function(function) = assigned {
            if !is_declared(function) {
                return Declared::Nothing;
            }
            let made = self.computed(assigned, class);
            let annotation = self.interpreter.return_annotation(self.host, function);
            return match annotation.filter(|annotation| is_mapped(annotation) && !is_plain_column(&made)) {
                Some(annotation) => self.mapped(&Attribute { annotation: Some(&annotation), ..attribute(Some(&made)) }),
                None => self.unannotated(&made, &line.name, table),
            };
        }
        match line.annotation.is_some() && !is_plain_column(assigned) {
            true => self.mapped(&attribute(Some(assigned))),
            false => self.unannotated(assigned, &line.name, table),
        }
    }

    /// What an attribute without an annotation is.
    fn unannotated(&mut self, assigned: &Value<'a>, name: &str, table: &Name) -> Declared {
        let assigned = unwrapped(assigned);
        let found =
            |column: Option<Column>| column.map_or(Declared::Unknown, |column| Declared::Column(Box::new(column)));
        if column_arguments(&assigned).is_some() {
            return found(self.column(&assigned, table, Some(name)));
        }
        match &assigned {
            Value::Unknown => Declared::Unknown,
            _ => match call_of(&assigned).and_then(|(callee, _)| known(callee)) {
                Some((Family::Other, name)) if name.to_ascii_lowercase().contains("column") => Declared::Unknown,
                _ => Declared::Nothing,
            },
        }
    }

    fn body(&mut self, class: &Rc<Class<'a>>) -> Rc<Body<'a>> {
        if let Some(found) = self.classes.bodies.get(&Rc::as_ptr(class)) {
            return found.clone();
        }
        let mut lines: Vec<Line<'a>> = Vec::new();
        let place = |name: &str, value: Option<&Value<'a>>| match class.written(name) {
            Some(span) => Place { module: class.place.module, span },
            None => value.and_then(Value::as_term).map_or(class.place, |term| term.place),
        };
        let mut annotations: Vec<(Text<'a>, Option<Value<'a>>)> = self
            .interpreter
            .annotations(self.host, class)
            .into_iter()
            .map(|(name, annotation)| (Text::from(name), Some(annotation)))
            .collect();
        for (name, value) in class.attributes.items() {
            let Value::Str(name) = name else { continue };
            if is_dunder(&name) {
                continue;
            }
            let found = annotations.iter_mut().rev().find(|(known, _)| *known == name);
            let annotation = found.and_then(|(_, annotation)| annotation.take());
            lines.push(Line { place: place(&name, Some(&value)), name, annotation, assigned: Some(value) });
        }
        for (name, annotation) in annotations {
            if annotation.is_some() && !is_dunder(&name) && class.attributes.get_text(&name).is_none() {
                lines.push(Line { place: place(&name, None), name, annotation, assigned: None });
            }
        }
        lines.sort_by_key(|line| line.place.span.start);
        let body = Rc::new(Body { lines, more: class.attributes.more.get() });
        self.classes.bodies.insert(Rc::as_ptr(class), body.clone());
        body
    }
}

fn is_dunder(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__")
}

/// `Column(…)`, and not `mapped_column(…)`: annotations say nothing about it.
pub(super) fn is_plain_column(value: &Value<'_>) -> bool {
    let is_it = |class: &Value<'_>| is_column_class(class) && known(class).is_some_and(|(_, name)| name == "Column");
    match value {
        Value::Instance(instance) => instance.class.lineage().iter().any(is_it),
        value => call_of(value).is_some_and(|(callee, _)| is_it(callee)),
    }
}

/// `deferred(Column(…))`
pub(super) fn unwrapped<'a>(value: &Value<'a>) -> Value<'a> {
    match call_of(value) {
        Some((callee, arguments))
            if matches!(known(callee), Some((Family::SqlAlchemy, "deferred" | "column_property"))) =>
        {
            arguments.positional.first().map_or(Value::Unknown, |(value, _)| value.clone())
        }
        _ => value.clone(),
    }
}
