//! What a filter of `env.py` may ask of what it is given.

use std::collections::BTreeMap;
use std::rc::Rc;

use regex::Regex;

use super::info::{Info, Infos};
use super::object::{Object, ObjectKind};
use crate::python::interpret::{Arguments, Block, CmpOp, Host, Interpreter, Term, TermKind, Value};
use crate::schema::{Name, Schema};

/// The object that a filter is asked about, the one it is compared with, and `parent_names`: names like those of libraries, so that their
/// attributes are asked for by name; and like those of classes, since none of them is `None`.
pub const OBJECT: &str = "alembic.filtered.Object";
pub const OTHER: &str = "alembic.filtered.Other";
pub const PARENTS: &str = "alembic.filtered.Parents";
/// The metadata of the models, where `env.py` does not tell what it is.
pub const METADATA: &str = "alembic.filtered.metadata";
const PARENT: &str = "alembic.filtered.Parents.get";

/// Knows what is asked about, and nothing else.
pub struct Asked<'a> {
    models: &'a Schema,
    infos: Infos<'a>,
    options: Option<&'a BTreeMap<String, String>>,
    postgresql: bool,
    /// `target_metadata`
    pub target: Option<Value<'a>>,
    /// What `context.configure` was given, each time.
    pub calls: Vec<Arguments<'a>>,
    pub object: Option<Object>,
    pub parents: Option<(ObjectKind, Name)>,
}

impl<'a> Asked<'a> {
    pub fn new(
        models: &'a Schema,
        infos: Infos<'a>,
        options: Option<&'a BTreeMap<String, String>>,
        postgresql: bool,
    ) -> Self {
        Asked { models, infos, options, postgresql, target: None, calls: Vec::new(), object: None, parents: None }
    }

    /// An attribute of the object or of what it is compared with.
    fn attribute(&self, path: &str) -> Option<Value<'a>> {
        let object = self.object.as_ref()?;
        let text = |name: &str| Value::text(name.to_owned());
        let optional = |name: Option<&str>| name.map_or(Value::None, text);
        if let Some(column) = path.strip_prefix("columns:") {
            return column.strip_suffix(".name").or_else(|| column.strip_suffix(".key")).map(text);
        }
        let is_table = object.kind == ObjectKind::Table;
        Some(match path {
            "name" | "key" => optional(object.name.as_deref()),
            "schema" if is_table => optional(object.table.schema.as_deref()),
            "table.name" | "table.key" | "parent.name" if !is_table => text(&object.table.name),
            "table.schema" | "parent.schema" if !is_table => optional(object.table.schema.as_deref()),
            "fullname" if is_table => text(&object.table.to_string()),
            "table.fullname" if !is_table => text(&object.table.to_string()),
            "unique" => Value::Bool(object.unique?),
            "_ddl_if" if object.reflected || self.infos.never_says(object, "ddl_if") => Value::None,
            _ => return None,
        })
    }

    fn call(&mut self, term: &Term<'a>, callee: &Value<'a>, arguments: &Arguments<'a>) -> Option<Value<'a>> {
        let first = arguments.positional.first().map(|(value, _)| value);
        let second = arguments.positional.get(1).map(|(value, _)| value);
        match callee {
            Value::Builtin("hasattr") => return self.has(first?.as_name()?, second?.as_str()?).map(Value::Bool),
            Value::Builtin("isinstance") => return self.is_instance(first?.as_name()?, second?).map(Value::Bool),
            _ => {}
        }
        if is_configure(callee, arguments) {
            self.calls.push(arguments.clone());
            return None;
        }
        if let Some(name) = callee.as_name() {
            if let Some((side, "info.get")) = side(name) {
                return self.info(side, first?, second);
            }
            match name {
                PARENT => return self.parent(first?.as_str()?),
                // the same everywhere, unless somebody means something else
                "alembic.context.config.get_main_option" => {
                    let value = self.options?.get(first?.as_str()?).map(|value| Value::text(value.as_str()));
                    let default = arguments.get(1, "default").unwrap_or(Value::None);
                    return Some(value.unwrap_or(default));
                }
                "os.getenv" | "os.environ.get" => return second.cloned(),
                "os.path.abspath" | "os.path.realpath" | "os.path.dirname" | "os.path.basename" => {
                    return path(name, term, arguments);
                }
                _ => {}
            }
            return matches(name, first?.as_str()?, second?.as_str()?);
        }
        // `re.compile("…").match(name)`
        let TermKind::Attribute(object, method) = &callee.as_term()?.kind else { return None };
        let TermKind::Call { callee, arguments } = &object.as_term()?.kind else { return None };
        let pattern = arguments.positional.first()?.0.as_str()?;
        match callee.as_name()? {
            "re.compile" if arguments.positional.len() == 1 => {
                matches(&format!("re.{}", &**method), pattern, first?.as_str()?)
            }
            _ => None,
        }
    }

    fn info(&self, side: &str, key: &Value<'a>, default: Option<&Value<'a>>) -> Option<Value<'a>> {
        let object = self.object.as_ref().filter(|_| side == OBJECT)?;
        match self.infos.get(object, key.as_str()?) {
            Info::Absent => Some(default.cloned().unwrap_or(Value::None)),
            Info::Bool(value) => Some(Value::Bool(value)),
            Info::Text(text) => Some(Value::text(text)),
            Info::Unknown => None,
        }
    }

    fn has(&self, name: &str, attribute: &str) -> Option<bool> {
        let object = self.object.as_ref().filter(|_| matches!(name, OBJECT | OTHER))?;
        match attribute {
            "name" | "info" => Some(true),
            "schema" => Some(object.kind == ObjectKind::Table),
            "table" => Some(object.kind != ObjectKind::Table),
            _ => None,
        }
    }

    fn is_instance(&self, name: &str, class: &Value<'a>) -> Option<bool> {
        let object = self.object.as_ref().filter(|_| matches!(name, OBJECT | OTHER))?;
        let is = |class: &Value<'a>| {
            let class = class.as_name()?.rsplit('.').next()?;
            Some(class == object.kind.class())
        };
        match class {
            Value::Tuple(classes) => {
                let all: Option<Vec<bool>> = classes.iter().map(is).collect();
                all.map(|all| all.contains(&true))
            }
            class => is(class),
        }
    }

    /// `parent_names["table_name"]`
    fn parent(&self, key: &str) -> Option<Value<'a>> {
        let (kind, table) = self.parents.as_ref()?;
        Some(match key {
            "schema_name" => table.schema.as_deref().map_or(Value::None, |schema| Value::text(schema.to_owned())),
            "table_name" if *kind != ObjectKind::Table => Value::text(table.name.to_string()),
            "schema_qualified_table_name" if *kind != ObjectKind::Table => Value::text(table.to_string()),
            _ => Value::None,
        })
    }

    fn compare(&self, op: CmpOp, left: &Value<'a>, right: &Value<'a>) -> Option<bool> {
        match op {
            CmpOp::In | CmpOp::NotIn => {
                let found = if self.is_tables(right) {
                    self.has_table(left.as_str()?)?
                } else if right.as_name().and_then(side).is_some_and(|(_, path)| path == "info") {
                    let object = self.object.as_ref()?;
                    match self.infos.get(object, left.as_str()?) {
                        Info::Absent => false,
                        Info::Bool(_) | Info::Text(_) => true,
                        Info::Unknown => return None,
                    }
                } else {
                    self.dialect_among(left, right)?
                };
                Some(found == (op == CmpOp::In))
            }
            // it would not be compared without
            CmpOp::Is | CmpOp::IsNot if matches!(right, Value::None) && self.is_metadata(left) => {
                Some(op == CmpOp::IsNot)
            }
            CmpOp::Eq | CmpOp::NotEq => {
                let is_it = self.is_dialect(left, right).or_else(|| self.is_dialect(right, left))?;
                Some(is_it == (op == CmpOp::Eq))
            }
            _ => None,
        }
    }

    fn has_table(&self, name: &str) -> Option<bool> {
        let (schema, table) = name.rsplit_once('.').map_or((None, name), |(schema, table)| (Some(schema), table));
        match self.models.tables.contains_key(&Name::new(schema, table)) {
            true => Some(true),
            false => (!self.models.open).then_some(false),
        }
    }

    fn is_metadata(&self, value: &Value<'a>) -> bool {
        let Some(term) = value.as_term() else { return false };
        if self.target.as_ref().is_some_and(|target| target.same(value)) {
            return true;
        }
        match &term.kind {
            TermKind::Attribute(_, name) => &**name == "metadata",
            TermKind::Name(name) => name.ends_with(".metadata") || name.ends_with(".target_metadata"),
            TermKind::Call { callee, .. } => callee.as_name().is_some_and(|name| name.ends_with(".MetaData")),
            _ => false,
        }
    }

    /// `metadata.tables`, `metadata.tables.keys()`, `set(metadata.tables)`
    fn is_tables(&self, value: &Value<'a>) -> bool {
        let Some(term) = value.as_term() else { return false };
        match &term.kind {
            TermKind::Attribute(object, name) => &**name == "tables" && self.is_metadata(object),
            TermKind::Name(name) => name.ends_with(".metadata.tables") || name.ends_with(".metadata.tables.keys"),
            TermKind::Call { callee: Value::Builtin("list" | "set" | "tuple" | "frozenset" | "sorted"), arguments } => {
                arguments.positional.first().is_some_and(|(value, _)| self.is_tables(value))
            }
            TermKind::Call { callee, .. } => match callee.as_term().map(|term| &term.kind) {
                Some(TermKind::Attribute(object, name)) => &**name == "keys" && self.is_tables(object),
                Some(TermKind::Name(name)) => name.ends_with(".metadata.tables.keys"),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whoever compares something that is not known with the name of a database asks which one it is.
    fn is_dialect(&self, asked: &Value<'a>, name: &Value<'a>) -> Option<bool> {
        asked.as_term()?;
        let name = name.as_str().filter(|name| DIALECTS.contains(name))?;
        if self.postgresql { Some(name == "postgresql") } else { (name == "postgresql").then_some(false) }
    }

    fn dialect_among(&self, asked: &Value<'a>, names: &Value<'a>) -> Option<bool> {
        let values = match names {
            Value::Tuple(values) => values.to_vec(),
            Value::List(items) if !items.more.get() => items.values.borrow().clone(),
            Value::Set(set) if !set.more.get() => set.keys(),
            _ => return None,
        };
        let all: Option<Vec<bool>> = values.iter().map(|name| self.is_dialect(asked, name)).collect();
        all.filter(|all| !all.is_empty()).map(|all| all.contains(&true))
    }
}

const DIALECTS: [&str; 6] = ["postgresql", "sqlite", "mysql", "mariadb", "mssql", "oracle"];

impl<'a> Host<'a> for Asked<'a> {
    fn resolve(&mut self, _: &mut Interpreter<'a>, term: &Rc<Term<'a>>) -> Option<Value<'a>> {
        match &term.kind {
            TermKind::Call { callee, arguments } => self.call(term, callee, arguments),
            TermKind::Name(name) => match side(name) {
                Some((OBJECT, "columns")) => {
                    let columns = &self.object.as_ref()?.columns;
                    let column = |name: &std::sync::Arc<str>| {
                        let kind = TermKind::Name(format!("{OBJECT}.columns:{name}").into());
                        Value::Term(Rc::new(Term { kind, place: term.place }))
                    };
                    (!columns.is_empty()).then(|| Value::list(columns.iter().map(column).collect()))
                }
                Some((_, path)) => self.attribute(path),
                None => None,
            },
            TermKind::Item(object, key) => match object.as_name()? {
                PARENTS => self.parent(key.as_str()?),
                name => match side(name)? {
                    (side, "info") => self.info(side, key, None),
                    _ => None,
                },
            },
            TermKind::Compare(op, left, right) => self.compare(*op, left, right).map(Value::Bool),
            _ => None,
        }
    }

    fn enter(&mut self, _: &Block<'a>) {}

    fn leave(&mut self, _: &Block<'a>) {}
}

/// Whose attribute a name is, and which.
fn side(name: &str) -> Option<(&'static str, &str)> {
    [OBJECT, OTHER].into_iter().find_map(|side| Some((side, name.strip_prefix(side)?.strip_prefix('.')?)))
}

/// `context.configure(…)`, whatever the context is called.
fn is_configure(callee: &Value<'_>, arguments: &Arguments<'_>) -> bool {
    let says = |name: &str| arguments.keywords.iter().any(|(key, ..)| **key == *name);
    match callee.as_term().map(|term| &term.kind) {
        Some(TermKind::Name(name)) if &**name == "alembic.context.configure" => true,
        Some(TermKind::Name(name)) => name.ends_with(".configure") && says("target_metadata"),
        Some(TermKind::Attribute(_, name)) => &**name == "configure" && says("target_metadata"),
        _ => false,
    }
}

/// What a function of `os.path` says of the file that calls it.
fn path<'a>(function: &str, term: &Term<'a>, arguments: &Arguments<'a>) -> Option<Value<'a>> {
    let (value, span) = arguments.positional.first()?;
    let source = term.place.source();
    let written = source.text.get(span.start..span.end)?;
    let path = match value {
        Value::Str(path) => path.to_string(),
        _ if written == "__file__" => format!("/{}", source.path),
        _ => return None,
    };
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    Some(Value::text(match function {
        "os.path.dirname" => folder.to_owned(),
        "os.path.basename" => name.to_owned(),
        _ => path,
    }))
}

/// What a function of `re` or `fnmatch` says of two texts: something, or `None`.
fn matches<'a>(function: &str, first: &str, second: &str) -> Option<Value<'a>> {
    let (pattern, text) = match function {
        "re.match" => (format!("^(?:{first})"), second),
        "re.search" => (first.to_owned(), second),
        "re.fullmatch" => (format!("^(?:{first})$"), second),
        "fnmatch.fnmatch" | "fnmatch.fnmatchcase" => {
            let pattern = regex::escape(second).replace("\\*", ".*").replace("\\?", ".");
            (format!("^{pattern}$"), first)
        }
        _ => return None,
    };
    let found = Regex::new(&pattern).ok()?.is_match(text);
    Some(if found {
        Value::Bool(true)
    } else if function.starts_with("re.") {
        Value::None
    } else {
        Value::Bool(false)
    })
}
