//! `MetaData`: which one a class, a table or `env.py` means, and the naming convention and schema that it brings.

use std::rc::Rc;
use std::sync::Arc;

use super::library::{Family, call_of, flask_arguments, is_flask_object, known, method_of, text_of};
use super::{Kind, Naming};
use crate::python::interpret::{
    Arguments, Block, Class, Host, Interpreter, Modules, ParsedModule, Term, TermKind, Value,
};

/// A `MetaData`, by what makes it.
#[derive(Clone)]
pub enum Metadata<'a> {
    /// `MetaData(…)`, `declarative_base(…)`, `registry(…)`, `class Base(DeclarativeBase)`, Flask-SQLAlchemy's `SQLAlchemy(…)`.
    Of(Value<'a>),
    /// That of something outside of the project, by its name.
    Named(Rc<str>),
    /// Of a Flask-SQLAlchemy object, for another bind than its own.
    Bind(Value<'a>, Rc<str>),
    /// Of the application's Flask-SQLAlchemy object, whichever that is.
    Flask,
    Unknown,
}

impl<'a> Metadata<'a> {
    /// Whether this is the same as another; `None` when that cannot be told.
    pub fn is(&self, other: &Metadata<'a>) -> Option<bool> {
        match (self, other) {
            (Metadata::Unknown, _) | (_, Metadata::Unknown) => None,
            (Metadata::Flask, Metadata::Flask) => Some(true),
            (Metadata::Flask, Metadata::Of(_)) | (Metadata::Of(_), Metadata::Flask) => Some(true),
            (Metadata::Flask, _) | (_, Metadata::Flask) => Some(false),
            (Metadata::Of(one), Metadata::Of(two)) => Some(one.same(two)),
            (Metadata::Named(one), Metadata::Named(two)) => Some(one == two),
            (Metadata::Bind(one, bind), Metadata::Bind(two, other)) => Some(bind == other && one.same(two)),
            _ => Some(false),
        }
    }

    /// The naming convention and the schema; `None` for a schema that cannot be told.
    pub fn options(&self) -> (Naming, Option<Option<Arc<str>>>) {
        let made = match self {
            Metadata::Of(value) => value,
            // other binds take the convention over, and no schema
            Metadata::Bind(value, _) => {
                let naming = metadata_of(value).options_of_made().0;
                return (naming, Some(None));
            }
            Metadata::Named(name) if is_declarative(name) => return (Naming::None, Some(None)),
            Metadata::Named(_) | Metadata::Flask | Metadata::Unknown => return (Naming::Unknown, Some(None)),
        };
        Metadata::Of(made.clone()).options_of_made()
    }

    fn options_of_made(&self) -> (Naming, Option<Option<Arc<str>>>) {
        let Metadata::Of(made) = self else { return (Naming::Unknown, Some(None)) };
        let arguments = match made {
            Value::Instance(instance) if !is_flask_object(made) => instance.outer_arguments.borrow().clone(),
            _ => match call_of(made) {
                Some((callee, arguments)) if matches!(known(callee), Some((_, "MetaData"))) => Some(arguments.clone()),
                _ => None,
            },
        };
        let Some(arguments) = arguments else { return (Naming::None, Some(None)) };
        let schema = match arguments.get(0, "schema") {
            _ if arguments.more => None,
            None | Some(Value::None) => Some(None),
            Some(schema) => text_of(&schema).map(|schema| Some(Arc::from(schema))),
        };
        (convention(&arguments), schema)
    }
}

/// The metadata that a value is, or has.
pub fn metadata_of<'a>(value: &Value<'a>) -> Metadata<'a> {
    within(value, MOST)
}

/// No more metadata within each other than this is looked at.
const MOST: usize = 12;

fn within<'a>(value: &Value<'a>, depth: usize) -> Metadata<'a> {
    let Some(depth) = depth.checked_sub(1) else { return Metadata::Unknown };
    if is_flask_object(value) {
        return of_flask(value, depth);
    }
    match value {
        Value::Class(class) => of_class(class, depth),
        Value::Instance(instance) => {
            let is_metadata = |base: &Value| matches!(known(base), Some((Family::SqlAlchemy, "MetaData")));
            match instance.class.lineage().iter().any(is_metadata) {
                true => Metadata::Of(value.clone()),
                false => Metadata::Unknown,
            }
        }
        Value::Term(term) => of_term(value, &term.kind, depth),
        _ => Metadata::Unknown,
    }
}

fn of_term<'a>(value: &Value<'a>, kind: &TermKind<'a>, depth: usize) -> Metadata<'a> {
    if let Some((object, "generate_base" | "as_declarative_base" | "mapped_as_dataclass", _)) = method_of(value) {
        return within(object, depth);
    }
    match kind {
        TermKind::Call { callee, arguments } => match known(callee) {
            Some((Family::SqlAlchemy, "MetaData")) => Metadata::Of(value.clone()),
            Some((
                Family::SqlAlchemy,
                "declarative_base" | "automap_base" | "registry" | "as_declarative" | "generate_base",
            )) => match arguments.keyword("metadata") {
                Some(Value::None) => Metadata::Of(value.clone()),
                Some(metadata) => within(&metadata, depth),
                None => Metadata::Of(value.clone()),
            },
            _ if is_current_app(value, depth) => Metadata::Flask,
            _ => Metadata::Unknown,
        },
        TermKind::Attribute(object, name) => match &**name {
            "metadata" | "registry" | "Model" | "mapped" | "db" => within(object, depth),
            _ if is_current_app(value, depth) => Metadata::Flask,
            _ => Metadata::Unknown,
        },
        // `db.metadatas["other"]`
        TermKind::Item(all, key) => match all.as_term().map(|term| &term.kind) {
            Some(TermKind::Attribute(object, name)) if **name == *"metadatas" => match key {
                Value::None => within(object, depth),
                key => match text_of(key) {
                    Some(bind) => Metadata::Bind(object.clone(), bind.into()),
                    None => Metadata::Unknown,
                },
            },
            _ if is_current_app(value, depth) => Metadata::Flask,
            _ => Metadata::Unknown,
        },
        TermKind::Name(path) => {
            let owner = path.strip_suffix(".metadata").or_else(|| path.strip_suffix(".registry")).unwrap_or(path);
            match owner.rsplit('.').next() {
                Some("SQLModel") => Metadata::Named("sqlmodel.SQLModel".into()),
                _ if owner.starts_with("flask.current_app") => Metadata::Flask,
                _ => Metadata::Named(owner.into()),
            }
        }
        TermKind::Choice { value, other, .. } => {
            let (one, two) = (within(value, depth), within(other, depth));
            if one.is(&two) == Some(true) { one } else { Metadata::Unknown }
        }
        _ => Metadata::Unknown,
    }
}

/// `current_app.extensions["migrate"].db`
fn is_current_app(value: &Value<'_>, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match value.as_term().map(|term| &term.kind) {
        Some(TermKind::Name(path)) => path.starts_with("flask.current_app"),
        Some(TermKind::Attribute(object, _) | TermKind::Item(object, _)) => is_current_app(object, depth),
        Some(TermKind::Call { callee, .. }) => is_current_app(callee, depth),
        _ => false,
    }
}

/// `SQLAlchemy(metadata=…)`, `SQLAlchemy(model_class=Base)`, else one of its own.
fn of_flask<'a>(value: &Value<'a>, depth: usize) -> Metadata<'a> {
    let Some(arguments) = flask_arguments(value) else { return Metadata::Of(value.clone()) };
    match arguments.keyword("metadata") {
        None | Some(Value::None) => {}
        Some(metadata) => return within(&metadata, depth),
    }
    match arguments.keyword("model_class") {
        Some(Value::Class(class)) => match of_class(&class, depth) {
            Metadata::Unknown | Metadata::Named(_) => Metadata::Of(value.clone()),
            metadata => metadata,
        },
        _ => Metadata::Of(value.clone()),
    }
}

/// Where a declarative class has its metadata from: itself, its registry, its base.
fn of_class<'a>(class: &Rc<Class<'a>>, depth: usize) -> Metadata<'a> {
    let mut named = Metadata::Unknown;
    let mut bind = None;
    let mut found = None;
    for base in class.lineage() {
        match &base {
            Value::Class(base) => {
                if bind.is_none()
                    && let Some(key) = base.attributes.get_text("__bind_key__")
                {
                    bind = Some(key);
                }
                if let Some(metadata) = own_metadata(base, depth) {
                    found = Some(metadata);
                    break;
                }
            }
            Value::Term(_) => match within(&base, depth) {
                metadata @ (Metadata::Of(_) | Metadata::Bind(..) | Metadata::Flask) => {
                    found = Some(metadata);
                    break;
                }
                metadata @ Metadata::Named(_) if matches!(named, Metadata::Unknown) && !is_no_base(&base) => {
                    named = metadata;
                }
                _ => {}
            },
            _ => {}
        }
    }
    match (bind, found) {
        (None | Some(Value::None), found) => found.unwrap_or(named),
        (Some(bind), Some(Metadata::Of(of))) => match text_of(&bind) {
            Some(bind) => Metadata::Bind(of, bind.into()),
            None => Metadata::Unknown,
        },
        (Some(_), found) => found.unwrap_or(named),
    }
}

/// What the class itself brings.
fn own_metadata<'a>(class: &Rc<Class<'a>>, depth: usize) -> Option<Metadata<'a>> {
    for name in ["metadata", "registry"] {
        match class.attributes.get_text(name) {
            None | Some(Value::None) => {}
            Some(value) => match within(&value, depth) {
                Metadata::Unknown => {}
                metadata => return Some(metadata),
            },
        }
    }
    // `class Base(SQLModel, registry=registry())`
    if let Some((_, registry)) = class.keywords.iter().find(|(name, _)| **name == *"registry") {
        return Some(within(registry, depth));
    }
    for decorator in &class.decorators {
        if let Some((_, "as_declarative_base" | "mapped_as_dataclass", _)) = method_of(decorator) {
            return Some(within(decorator, depth));
        }
        if let Some((callee, arguments)) = call_of(decorator) {
            match known(callee) {
                Some((_, "as_declarative")) => {
                    return Some(match arguments.keyword("metadata") {
                        None | Some(Value::None) => Metadata::Of(Value::Class(class.clone())),
                        Some(metadata) => within(&metadata, depth),
                    });
                }
                Some((_, "mapped_as_dataclass")) => return Some(within(&arguments.get(0, "registry")?, depth)),
                _ => {}
            }
        }
        if let Some(TermKind::Attribute(registry, name)) = decorator.as_term().map(|term| &term.kind)
            && matches!(&**name, "mapped" | "mapped_as_dataclass")
        {
            return Some(within(registry, depth));
        }
    }
    let is_root = |base: &Value| match known(base) {
        Some((Family::SqlAlchemy, name)) => matches!(name, "DeclarativeBase" | "DeclarativeBaseNoMeta"),
        _ => false,
    };
    class.bases.iter().any(is_root).then(|| Metadata::Of(Value::Class(class.clone())))
}

/// Bases that bring no metadata.
fn is_no_base(base: &Value<'_>) -> bool {
    super::declarative::is_harmless(base)
}

/// The naming convention of the `target_metadata` of an `env.py`, and the names of modules that were asked for and not there.
pub fn naming_of(env: &ParsedModule, modules: &dyn Modules) -> (Naming, Vec<String>) {
    let mut interpreter = Interpreter::new(modules, Default::default());
    let scope = interpreter.lazy_module(env);
    let mut host = Nothing;
    let naming = match interpreter.global(&mut host, &scope, "target_metadata") {
        // SchemaObjects.metadata() takes a convention from a metadata only
        Some(Value::None) => Naming::None,
        Some(value @ (Value::List(_) | Value::Tuple(_))) => {
            let all = interpreter.iterate(&mut host, &value).unwrap_or_default();
            let mut all = all.iter().map(|value| metadata_of(value).options().0);
            match all.next() {
                Some(first) if all.all(|other| other == first) => first,
                _ => Naming::Unknown,
            }
        }
        Some(value) => metadata_of(&value).options().0,
        None => Naming::Unknown,
    };
    (naming, interpreter.missing().map(str::to_owned).collect())
}

fn is_declarative(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("DeclarativeBase" | "DeclarativeBaseNoMeta" | "SQLModel"))
}

fn convention(arguments: &Arguments<'_>) -> Naming {
    match arguments.keyword("naming_convention") {
        Some(value) => Naming::of(&value),
        None if !arguments.more => Naming::None,
        None => Naming::Unknown,
    }
}

impl Naming {
    /// The convention that a value given as `naming_convention` is.
    pub fn of(value: &Value<'_>) -> Naming {
        match value {
            Value::Dict(dict) => {
                let items = dict.items();
                let text = |value: &Value| value.as_str().map(str::to_owned);
                let kind = |key: &Value| match known(key) {
                    Some((Family::SqlAlchemy, class)) => Kind::of_class(class).map(|kind| kind.key().to_owned()),
                    _ => text(key),
                };
                let known: Option<_> = items.iter().map(|(key, value)| Some((kind(key)?, text(value)?))).collect();
                known.map_or(Naming::Unknown, Naming::Known)
            }
            Value::None => Naming::None,
            _ => Naming::Unknown,
        }
    }
}

/// Knows no library: all terms stay what they are.
struct Nothing;

impl<'a> Host<'a> for Nothing {
    fn resolve(&mut self, _: &mut Interpreter<'a>, _: &Rc<Term<'a>>) -> Option<Value<'a>> {
        None
    }

    fn enter(&mut self, _: &Block<'a>) {}

    fn leave(&mut self, _: &Block<'a>) {}
}
