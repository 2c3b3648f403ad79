//! Reads the classes and tables whose metadata counts, and puts together what belongs to one table.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use crate::python::interpret::{Class, Interpreter, Place, Term, TermKind, Value};
use crate::schema::Name;
use crate::sqlalchemy::{
    ClassTable, Classes, Draft, Mapping, Metadata, Naming, Owner, Reader, Versions, address, call_of, metadata_of,
    method_of,
};

use super::Unknown;
use super::collect::Collector;
use super::link::Found;
use super::target::Targets;

/// Reads all tables of the metadata that count.
pub(super) fn gather<'a>(
    interpreter: &mut Interpreter<'a>,
    collector: &mut Collector<'a>,
    targets: &Targets<'a>,
    versions: Versions,
    unknown: &mut Vec<Unknown>,
) -> Vec<Found<'a>> {
    let mut all = Classes::default();
    let mut conventions = Conventions { all: Vec::new(), given: std::mem::take(&mut collector.given) };
    let mut res = Gathered::default();
    // indexes that classes compute are arguments of their tables
    let parts = std::mem::take(&mut collector.parts);
    // what classes compute may make classes and tables in turn
    for _ in 0..ROUNDS {
        let classes = mapped(interpreter, collector, targets, &mut all);
        if classes.is_empty() {
            break;
        }
        collector.tables.iter().for_each(|(term, _)| all.know_table(term));
        let numbers: Vec<usize> = classes.iter().map(|(_, metadata, _)| conventions.number(metadata)).collect();
        let mut reader = Reader::new(interpreter, collector, &Naming::None);
        (reader.in_metadata, reader.versions, reader.classes) = (true, versions, all);
        let mut gathering = Gathering { reader, conventions: &conventions, res, unknown };
        for ((class, _, sure), number) in classes.iter().zip(numbers) {
            gathering.class(class, *sure, number);
        }
        gathering.children();
        (all, res) = (std::mem::take(&mut gathering.reader.classes), gathering.res);
    }
    let tables: Vec<(Rc<Term<'a>>, Metadata<'a>, bool)> = std::mem::take(&mut collector.tables)
        .into_iter()
        .filter_map(|(term, sure)| {
            let metadata = metadata_of_table(&term);
            let counts = targets.count(&metadata);
            (counts != Some(false)).then_some((term, metadata, sure && counts == Some(true)))
        })
        .collect();
    tables.iter().for_each(|(term, ..)| all.know_table(term));
    let hidden = std::mem::take(&mut collector.hidden);
    let of_tables: Vec<usize> = tables.iter().map(|(_, metadata, _)| conventions.number(metadata)).collect();

    let mut reader = Reader::new(interpreter, collector, &Naming::None);
    (reader.in_metadata, reader.versions, reader.classes) = (true, versions, all);
    let mut gathering = Gathering { reader, conventions: &conventions, res, unknown };
    for ((term, _, sure), number) in tables.iter().zip(of_tables) {
        gathering.table(term, *sure, number);
    }
    for (term, sure) in &hidden {
        gathering.hidden(term, *sure);
    }
    for (term, sure) in &parts {
        gathering.part(term, *sure);
    }
    gathering.finish()
}

/// Classes that make classes that make classes: more rounds than any real models need.
const ROUNDS: usize = 4;

/// The classes that have tables which count, and whether they are there for sure.
fn mapped<'a>(
    interpreter: &mut Interpreter<'a>,
    collector: &mut Collector<'a>,
    targets: &Targets<'a>,
    all: &mut Classes<'a>,
) -> Vec<(Rc<Class<'a>>, Metadata<'a>, bool)> {
    let classes = std::mem::take(&mut collector.classes);
    let (types, compiled) = (std::mem::take(&mut collector.types), std::mem::take(&mut collector.compiled));
    let mut reader = Reader::new(interpreter, collector, &Naming::None);
    reader.classes = std::mem::take(all);
    reader.classes.know_types(types, compiled);
    let mut res = Vec::new();
    for (class, sure) in classes {
        let standing = reader.standing(&class);
        reader.classes.know_class(&class);
        let counts = match standing.mapping {
            Mapping::Mapped => targets.count(&standing.metadata),
            Mapping::Mixin | Mapping::Abstract => Some(false),
        };
        if counts != Some(false) {
            res.push((class, standing.metadata.clone(), sure && counts == Some(true)));
        }
    }
    *all = std::mem::take(&mut reader.classes);
    res
}

/// `Table("t", metadata)`, `db.Table("t", bind_key="b")`
fn metadata_of_table<'a>(term: &Term<'a>) -> Metadata<'a> {
    let TermKind::Call { callee, arguments } = &term.kind else { return Metadata::Unknown };
    if let Some(second) = arguments.get(1, "metadata") {
        match metadata_of(&second) {
            Metadata::Unknown => {}
            metadata => return metadata,
        }
    }
    match callee.as_term().map(|term| &term.kind) {
        Some(TermKind::Attribute(db, _)) => match arguments.keyword("bind_key") {
            None | Some(Value::None) => metadata_of(db),
            Some(Value::Str(bind)) => Metadata::Bind(db.clone(), Rc::from(&*bind)),
            Some(_) => Metadata::Unknown,
        },
        _ => Metadata::Unknown,
    }
}

/// The naming convention and the schema of each metadata.
struct Conventions<'a> {
    all: Vec<(Metadata<'a>, Naming, Option<Arc<str>>)>,
    /// What is set on metadata after it was made.
    given: Vec<(Metadata<'a>, String, Value<'a>)>,
}

impl<'a> Conventions<'a> {
    /// The number of a metadata.
    fn number(&mut self, metadata: &Metadata<'a>) -> usize {
        if let Some(at) = self.all.iter().position(|(known, ..)| known.is(metadata) == Some(true)) {
            return at;
        }
        let (mut naming, schema) = metadata.options();
        let mut schema = schema.flatten();
        for (of, name, value) in &self.given {
            if of.is(metadata) == Some(true) {
                match name.as_str() {
                    "schema" => schema = value.as_str().map(Arc::from),
                    _ => naming = Naming::of(value),
                }
            }
        }
        self.all.push((metadata.clone(), naming, schema));
        self.all.len() - 1
    }
}

/// What was gathered so far.
#[derive(Default)]
struct Gathered<'a> {
    found: Vec<Found<'a>>,
    /// The number of the metadata of each.
    conventions: Vec<usize>,
    by_name: HashMap<Name, usize>,
    by_class: HashMap<*const Class<'a>, usize>,
    by_term: HashMap<usize, usize>,
    children: Vec<(Rc<Class<'a>>, Rc<Class<'a>>, Draft<'a>)>,
    /// What stands in a table's arguments.
    used: HashSet<usize>,
}

struct Gathering<'g, 'a> {
    reader: Reader<'g, 'a>,
    conventions: &'g Conventions<'a>,
    res: Gathered<'a>,
    unknown: &'g mut Vec<Unknown>,
}

/// Classes above a class that are looked at for its table.
const MOST: usize = 100;

impl<'a> Gathering<'_, 'a> {
    fn begin(&mut self, number: usize) {
        let (_, naming, schema) = &self.conventions.all[number];
        self.reader.naming = naming;
        self.reader.schema.clone_from(schema);
        self.reader.interpreter.refuel();
    }

    fn class(&mut self, class: &Rc<Class<'a>>, sure: bool, number: usize) {
        self.begin(number);
        let read = self.reader.class_table(class);
        let exhausted = self.reader.interpreter.exhausted();
        match read {
            ClassTable::Own(mut draft) => {
                draft.opaque |= exhausted;
                let history =
                    self.reader.has_history(class).then(|| draft.name.sibling(&format!("{}_history", draft.name.name)));
                if history.is_some() {
                    draft.doubtful.push("version".into());
                }
                let at = self.add(*draft, sure, number);
                self.res.by_class.insert(Rc::as_ptr(class), at);
                if let Some(name) = history {
                    let mut draft = Draft::new(name, class.place);
                    (draft.opaque, draft.unnamed) = (true, true);
                    self.add(draft, false, number);
                }
            }
            ClassTable::Of(parent, mut draft) => {
                draft.opaque |= exhausted;
                self.res.children.push((class.clone(), parent, *draft));
            }
            ClassTable::Given(table) => match table.as_term().and_then(|term| self.table(term, sure, number)) {
                Some(at) => {
                    self.res.by_class.insert(Rc::as_ptr(class), at);
                }
                None => self.not_understood(None, class.place),
            },
            ClassTable::None => {}
            ClassTable::Unknown => self.not_understood(None, class.place),
        }
    }

    /// `Table(…)`: its number.
    fn table(&mut self, term: &Rc<Term<'a>>, sure: bool, number: usize) -> Option<usize> {
        let address = Rc::as_ptr(term) as usize;
        if let Some(&at) = self.res.by_term.get(&address) {
            return Some(at);
        }
        self.begin(number);
        let Some(mut draft) = self.reader.draft(term) else {
            self.not_understood(None, term.place);
            return None;
        };
        draft.opaque |= self.reader.interpreter.exhausted();
        let at = self.add(draft, sure, number);
        self.res.by_term.insert(address, at);
        Some(at)
    }

    /// Takes in a table. One that two places declare is not known; the same place may have been run twice.
    fn add(&mut self, draft: Draft<'a>, sure: bool, number: usize) -> usize {
        self.res.used.extend(draft.used.iter().copied());
        if let Some(&at) = self.res.by_name.get(&draft.name) {
            let known = &mut self.res.found[at];
            let same = std::ptr::eq(known.draft.place.module, draft.place.module)
                && known.draft.place.span == draft.place.span;
            let is_reference = |draft: &Draft<'_>| draft.columns.is_empty() && draft.constraints.is_empty();
            if is_reference(&known.draft) && !is_reference(&draft) {
                *known = Found { draft, sure };
            } else if !same && !is_reference(&draft) {
                known.sure = false;
                known.draft.opaque = true;
                known.draft.unknown.push(draft.place);
            }
            return at;
        }
        let at = self.res.found.len();
        self.res.by_name.insert(draft.name.clone(), at);
        self.res.found.push(Found { draft, sure });
        self.res.conventions.push(number);
        at
    }

    /// Classes without a table of their own add to that of the class they inherit from.
    fn children(&mut self) {
        for (class, parent, draft) in std::mem::take(&mut self.res.children) {
            self.res.used.extend(draft.used.iter().copied());
            let at = self.number_of_class(&parent).or_else(|| self.res.by_name.get(&draft.name).copied());
            if let Some(at) = at {
                self.res.by_class.insert(Rc::as_ptr(&class), at);
                self.res.found[at].draft.join(draft);
            }
        }
    }

    fn number_of_class(&mut self, class: &Rc<Class<'a>>) -> Option<usize> {
        let mut class = class.clone();
        for _ in 0..MOST {
            if let Some(&at) = self.res.by_class.get(&Rc::as_ptr(&class)) {
                return Some(at);
            }
            class = self.reader.standing(&class).parent.clone()?;
        }
        None
    }

    /// An index or constraint outside of a table: it belongs to that of its columns.
    fn part(&mut self, term: &Rc<Term<'a>>, sure: bool) {
        if self.res.used.contains(&(Rc::as_ptr(term) as usize)) {
            return;
        }
        let value = Value::Term(term.clone());
        let Some((_, arguments)) = call_of(&value) else { return };
        let Some(at) = arguments.positional.iter().find_map(|(value, _)| self.number_of_expression(value, 6)) else {
            return;
        };
        self.begin(self.res.conventions[at]);
        let name = self.res.found[at].draft.name.clone();
        let item = self.reader.item(&value, &name);
        let draft = &mut self.res.found[at].draft;
        match (item, sure) {
            (crate::sqlalchemy::Item::Unknown, _) | (_, false) => {
                draft.unnamed = true;
                draft.unknown.push(term.place);
            }
            // what the same line makes twice is there once
            (item, true) => {
                let is_new = !draft.indexes.iter().any(|(_, place)| is_same(*place, term.place))
                    && !draft.constraints.iter().any(|(_, place)| is_same(*place, term.place));
                if is_new {
                    draft.add(item, term.place);
                }
            }
        }
    }

    /// The table whose column an expression is, or names.
    fn number_of_expression(&mut self, value: &Value<'a>, depth: usize) -> Option<usize> {
        let depth = depth.checked_sub(1)?;
        match self.reader.owner(value).map(|(owner, _)| owner.clone()) {
            Some(Owner::Class(class, _)) => return self.number_of_class(&class),
            Some(Owner::Table(term)) => return self.res.by_term.get(&(Rc::as_ptr(&term) as usize)).copied(),
            None => {}
        }
        match value {
            Value::List(items) => {
                let items = items.values.borrow().clone();
                return items.iter().find_map(|item| self.number_of_expression(item, depth));
            }
            Value::Tuple(items) => return items.iter().find_map(|item| self.number_of_expression(item, depth)),
            _ => {}
        }
        match &value.as_term()?.kind {
            TermKind::Attribute(Value::Class(class), _) => self.number_of_class(class),
            TermKind::Attribute(columns, _) | TermKind::Item(columns, _) => match &columns.as_term()?.kind {
                TermKind::Attribute(table, name) if matches!(&**name, "c" | "columns") => self.number_of_table(table),
                _ => None,
            },
            TermKind::Call { arguments, .. } => {
                let object = method_of(value).map(|(object, ..)| object.clone());
                let all = object.into_iter().chain(arguments.positional.iter().map(|(value, _)| value.clone()));
                all.take(8).find_map(|value| self.number_of_expression(&value, depth))
            }
            _ => None,
        }
    }

    /// The table that a value is: `Table(…)`, `Class.__table__`.
    fn number_of_table(&mut self, value: &Value<'a>) -> Option<usize> {
        if let Some(TermKind::Attribute(Value::Class(class), name)) = value.as_term().map(|term| &term.kind)
            && **name == *"__table__"
        {
            return self.number_of_class(class);
        }
        self.res.by_term.get(&address(value)?).copied()
    }

    /// `table.append_constraint(…)`, `metadata.reflect()`, `table.to_metadata(…)`
    fn hidden(&mut self, term: &Rc<Term<'a>>, sure: bool) {
        let value = Value::Term(term.clone());
        let Some((object, method, arguments)) = method_of(&value) else { return };
        match (method, self.number_of_table(object)) {
            ("append_constraint" | "append_column", Some(at)) => {
                self.begin(self.res.conventions[at]);
                let name = self.res.found[at].draft.name.clone();
                let item = arguments.positional.first().map(|(part, _)| (part, self.reader.item(part, &name)));
                let draft = &mut self.res.found[at].draft;
                match item {
                    None | Some((_, crate::sqlalchemy::Item::Unknown)) => {}
                    // what names the table's columns belongs to it already
                    Some((part, item)) if sure => {
                        if address(part).is_none_or(|part| self.res.used.insert(part)) {
                            draft.add(item, term.place);
                        }
                        return;
                    }
                    Some(_) => {}
                }
                draft.unnamed = true;
                draft.opaque |= method == "append_column";
                draft.unknown.push(term.place);
            }
            ("to_metadata" | "tometadata" | "reflect", _) => self.not_understood(None, term.place),
            _ => {}
        }
    }

    fn not_understood(&mut self, table: Option<Name>, place: Place<'a>) {
        self.unknown.push(Unknown { table, source: place.module.source.clone(), span: place.span });
    }

    fn finish(mut self) -> Vec<Found<'a>> {
        let found = std::mem::take(&mut self.res.found);
        let conventions = std::mem::take(&mut self.res.conventions);
        let finish = |(Found { draft, sure }, number)| {
            self.begin(number);
            Found { draft: self.reader.finish(draft), sure }
        };
        found.into_iter().zip(conventions).map(finish).collect()
    }
}

fn is_same(one: Place<'_>, two: Place<'_>) -> bool {
    std::ptr::eq(one.module, two.module) && one.span == two.span
}
