//! Declarative classes: which classes are mapped, what they inherit from, and what their tables are called. What is in their tables is
//! `declarative_table`'s.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use super::Reader;
use super::column::column_arguments;
use super::library::{Family, call_of, flask_arguments, is_flask_object, known, method_of, text_of};
use super::metadata::{Metadata, metadata_of};
use super::naming::stored;
use super::table::{Owner, address};
use crate::python::interpret::{Arguments, Class, Function, Host, Interpreter, Term, TermKind, Value};

/// What SQLAlchemy makes of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// Nothing; its columns are those of the classes that inherit from it.
    Mixin,
    /// `class Base(DeclarativeBase)`, `__abstract__ = True`: as a mixin, and what inherits from it is mapped.
    Abstract,
    Mapped,
}

/// A class of the project as SQLAlchemy sees it.
pub struct Standing<'a> {
    pub mapping: Mapping,
    pub metadata: Metadata<'a>,
    /// The nearest class that it inherits from and that is mapped.
    pub parent: Option<Rc<Class<'a>>>,
    /// The class and what it inherits from, as attributes are looked up; classes that libraries make bases of are among them.
    pub(super) order: Vec<Value<'a>>,
    /// Flask-SQLAlchemy's object, for classes that it names.
    pub(super) flask: Option<Value<'a>>,
    pub(super) sqlmodel: bool,
    /// `type_annotation_map` of the registry or of the base.
    pub(super) types: Rc<[(Value<'a>, Value<'a>)]>,
    /// A base outside of the project that is not known: it may bring columns, and it may be declarative.
    pub(super) outside: bool,
}

/// What was found out about classes so far.
#[derive(Default)]
pub struct Classes<'a> {
    standings: HashMap<*const Class<'a>, Rc<Standing<'a>>>,
    pub(super) bodies: HashMap<*const Class<'a>, Rc<super::declarative_table::Body<'a>>>,
    /// The classes and tables that column objects belong to, by their addresses.
    pub(super) owners: HashMap<usize, super::Owner<'a>>,
    /// What registries learn of types after they are made, by their metadata.
    added_types: Vec<(Metadata<'a>, Value<'a>)>,
    /// Types that `@compiles` writes itself.
    compiled: HashSet<*const Class<'a>>,
}

impl<'a> Classes<'a> {
    /// Notes the columns in the body of a class, so that they are known where else they are named.
    pub fn know_class(&mut self, class: &Rc<Class<'a>>) {
        for (name, value) in class.attributes.items() {
            if let (Value::Str(name), Some(address)) = (name, address(&value))
                && column_arguments(&value).is_some()
            {
                self.owners.insert(address, Owner::Class(class.clone(), name));
            }
        }
    }

    /// Notes what changes types after they are made: `update_type_annotation_map` of registries, by their metadata, and `@compiles`.
    pub fn know_types(&mut self, added: Vec<(Metadata<'a>, Value<'a>)>, compiled: Vec<Rc<Class<'a>>>) {
        self.added_types.extend(added);
        self.compiled.extend(compiled.iter().map(Rc::as_ptr));
    }

    /// Whether a type is what `@compiles` makes of it.
    pub(super) fn is_compiled(&self, class: &Rc<Class<'a>>) -> bool {
        let is_it = |base: &Value<'a>| matches!(base, Value::Class(base) if self.compiled.contains(&Rc::as_ptr(base)));
        !self.compiled.is_empty() && class.lineage().iter().any(is_it)
    }

    /// The same for what `Table(…)` is given.
    pub fn know_table(&mut self, table: &Rc<Term<'a>>) {
        let TermKind::Call { arguments, .. } = &table.kind else { return };
        for (value, _) in &arguments.positional {
            if let Some(address) = address(value)
                && column_arguments(value).is_some()
            {
                self.owners.insert(address, Owner::Table(table.clone()));
            }
        }
    }
}

/// What a class is told of its table's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TableName {
    Named(String),
    /// It has none of its own.
    None,
    Unknown,
}

/// What a base outside of the project is.
enum Outside<'a> {
    Root,
    /// A declarative base, and the classes of the project that it is made from.
    Base(Option<Value<'a>>),
    Flask(Value<'a>),
    SqlModel,
    Harmless,
    Unknown,
}

/// More classes than that are not looked at above one.
const MOST: usize = 100;

impl<'a> Reader<'_, 'a> {
    /// What SQLAlchemy makes of a class.
    pub fn standing(&mut self, class: &Rc<Class<'a>>) -> Rc<Standing<'a>> {
        if let Some(found) = self.classes.standings.get(&Rc::as_ptr(class)) {
            return found.clone();
        }
        let standing = Rc::new(self.judge(class));
        self.classes.standings.insert(Rc::as_ptr(class), standing.clone());
        standing
    }

    fn judge(&mut self, class: &Rc<Class<'a>>) -> Standing<'a> {
        let mut all = vec![Value::Class(class.clone())];
        let mut res = Standing {
            mapping: Mapping::Mixin,
            metadata: Metadata::Unknown,
            parent: None,
            order: Vec::new(),
            flask: None,
            sqlmodel: false,
            types: Rc::new([]),
            outside: false,
        };
        let (mut declarative, mut is_root) = (false, false);
        for base in class.bases.iter().take(MOST) {
            let base = match base.as_term().map(|term| &term.kind) {
                Some(TermKind::Item(generic, _)) => generic.clone(),
                _ => base.clone(),
            };
            if let Value::Class(base) = &base {
                declarative |= self.inherit(&mut res, &mut all, base);
                continue;
            }
            all.push(base.clone());
            match outside(&base) {
                Outside::Root => is_root = true,
                Outside::Base(made_from) => {
                    declarative = true;
                    self.inherit_from(&mut res, &mut all, made_from);
                }
                Outside::Flask(db) => {
                    declarative = true;
                    let model = flask_arguments(&db).and_then(|arguments| arguments.keyword("model_class"));
                    self.inherit_from(&mut res, &mut all, model);
                    res.flask = Some(db);
                }
                Outside::SqlModel => res.sqlmodel = true,
                Outside::Harmless => {}
                Outside::Unknown => res.outside = true,
            }
        }
        res.order = ordered(all);
        // a base that inherits from another shares its registry, and what it says of types itself is not asked
        if let Some(types) = own_types(class, declarative) {
            res.types = types;
        }
        let own = |name: &str| class.attributes.get_text(name).and_then(|value| value.truth()) == Some(true);
        let has_table = |name: &str| {
            let mut classes = res.order.iter().filter_map(|base| match base {
                Value::Class(base) => base.attributes.get_text(name),
                _ => None,
            });
            classes.any(|value| !matches!(value, Value::None))
        };
        let decorated = decoration(class);
        let metaclass = class.keywords.iter().any(|(name, value)| **name == *"metaclass" && makes_declarative(value));
        declarative |= is_root || metaclass || matches!(decorated, Some(Mapping::Abstract));
        res.mapping = if (declarative || decorated.is_some()) && own("__abstract__") {
            Mapping::Abstract
        } else if decorated == Some(Mapping::Mapped) {
            Mapping::Mapped
        } else if is_root || decorated == Some(Mapping::Abstract) {
            Mapping::Abstract
        } else if res.sqlmodel {
            let table = class.keywords.iter().any(|(name, value)| **name == *"table" && value.truth() == Some(true));
            if table { Mapping::Mapped } else { Mapping::Mixin }
        } else if declarative {
            let named = res.flask.is_some() || res.parent.is_some();
            // what the project does not name, something outside may
            let named = named || res.outside;
            let mapped = named || has_table("__tablename__") || has_table("__table__");
            if mapped { Mapping::Mapped } else { Mapping::Abstract }
        } else if res.outside && !own("__abstract__") && (has_table("__tablename__") || has_table("__table__")) {
            Mapping::Mapped
        } else {
            Mapping::Mixin
        };
        if res.mapping != Mapping::Mixin || res.sqlmodel {
            res.metadata = metadata_of(&Value::Class(class.clone()));
            self.add_types(&mut res);
        }
        res
    }

    /// What the registry learns of types later counts for all its classes; the last counts.
    fn add_types(&self, to: &mut Standing<'a>) {
        for (metadata, types) in &self.classes.added_types {
            match (metadata.is(&to.metadata), types) {
                (Some(false), _) => {}
                (Some(true), Value::Dict(types)) if !types.more.get() => {
                    to.types = to.types.iter().cloned().chain(types.items()).collect();
                }
                // any type may be another
                _ => to.types = to.types.iter().cloned().chain([(Value::Unknown, Value::Unknown)]).collect(),
            }
        }
    }

    /// Takes over what a base brings; whether it makes the class declarative.
    fn inherit(&mut self, to: &mut Standing<'a>, all: &mut Vec<Value<'a>>, base: &Rc<Class<'a>>) -> bool {
        let standing = self.standing(base);
        all.extend(standing.order.iter().take(MOST).cloned());
        to.sqlmodel |= standing.sqlmodel;
        if to.types.is_empty() {
            to.types = standing.types.clone();
        }
        to.outside |= standing.outside;
        if to.flask.is_none() {
            to.flask.clone_from(&standing.flask);
        }
        if to.parent.is_none() {
            to.parent = match standing.mapping {
                Mapping::Mapped => Some(base.clone()),
                Mapping::Mixin | Mapping::Abstract => standing.parent.clone(),
            };
        }
        standing.mapping != Mapping::Mixin
    }

    /// The classes that `declarative_base(cls=…)` or `SQLAlchemy(model_class=…)` is given.
    fn inherit_from(&mut self, to: &mut Standing<'a>, all: &mut Vec<Value<'a>>, given: Option<Value<'a>>) {
        let classes: Vec<Value<'a>> = match given {
            Some(Value::Tuple(classes)) => classes.to_vec(),
            Some(class) => vec![class],
            None => Vec::new(),
        };
        for class in classes {
            match &class {
                Value::Class(class) => {
                    self.inherit(to, all, class);
                }
                Value::None => {}
                class => match outside(class) {
                    Outside::Unknown => to.outside = true,
                    _ => all.push(class.clone()),
                },
            }
        }
    }

    /// What the class's table is called: `__tablename__` of its own or of what it inherits from and is not mapped itself; one that is
    /// computed counts wherever it stands (SQLAlchemy's `_scan_attributes`). Else what Flask-SQLAlchemy or SQLModel make up.
    pub(super) fn name_of_table(&mut self, class: &Rc<Class<'a>>, standing: &Standing<'a>) -> TableName {
        for base in &standing.order {
            let Value::Class(base) = base else { continue };
            let Some(value) = base.attributes.get_text("__tablename__") else { continue };
            let computed = matches!(value, Value::Function(_));
            if !Rc::ptr_eq(base, class) && !computed && self.standing(base).mapping == Mapping::Mapped {
                if standing.flask.is_some() {
                    break;
                }
                continue;
            }
            return match self.computed(&value, class) {
                Value::None => TableName::None,
                value => text_of(&value).map_or(TableName::Unknown, TableName::Named),
            };
        }
        if let Some(db) = &standing.flask {
            let off = flask_arguments(db).and_then(|arguments| arguments.keyword("disable_autonaming"));
            return match off.is_some_and(|off| off.truth() == Some(true)) {
                true => TableName::None,
                false => TableName::Named(snake_case(&class.name)),
            };
        }
        if standing.sqlmodel {
            return TableName::Named(class.name.to_lowercase());
        }
        match standing.outside && standing.parent.is_none() {
            true => TableName::Unknown,
            false => TableName::None,
        }
    }

    /// Whether a class makes a table of the history of its own when its mapper is made (`history_meta`, an example of SQLAlchemy's): a
    /// copy of the table, and a column `version` in both.
    pub fn has_history(&mut self, class: &Rc<Class<'a>>) -> bool {
        self.standing(class).order.iter().any(|base| match base {
            Value::Class(base) => {
                let has = |name: &str| base.attributes.get_text(name).is_some();
                let is_recipe = || base.place.source().text.contains("__history_mapper__");
                (has("__mapper_cls__") || has("__declare_last__")) && is_recipe()
            }
            _ => false,
        })
    }

    /// What an attribute is once the function that computes it for a class was asked.
    pub(super) fn computed(&mut self, value: &Value<'a>, class: &Rc<Class<'a>>) -> Value<'a> {
        let Value::Function(_) = value else { return value.clone() };
        self.call(value, Arguments::of([Value::Class(class.clone())]), class)
    }

    /// `Class.__tablename__` and its like, for classes whose names nobody wrote down.
    pub fn table_name_of_class(&mut self, class: &Rc<Class<'a>>) -> Option<String> {
        let standing = self.standing(class);
        match self.name_of_table(class, &standing) {
            TableName::Named(name) => Some(name),
            TableName::None | TableName::Unknown => None,
        }
    }

    /// The name of the table that the objects of a class are in, with its schema.
    pub(super) fn class_name(&mut self, class: &Rc<Class<'a>>) -> Option<super::Name> {
        let mut class = class.clone();
        for _ in 0..MOST {
            let standing = self.standing(&class);
            if let Some(table) = class.attributes.get_text("__table__").filter(|table| !matches!(table, Value::None)) {
                return self.table_name(&table);
            }
            match self.name_of_table(&class, &standing) {
                TableName::Named(name) => {
                    let (_, options) = self.table_arguments(&class, &standing);
                    return self.qualified(&name, options.schema);
                }
                TableName::Unknown => return None,
                TableName::None => class = standing.parent.clone()?,
            }
        }
        None
    }

    /// A name in the schema that is written for it, or else in that of the metadata.
    pub(super) fn qualified(&self, name: &str, schema: Option<Value<'a>>) -> Option<super::Name> {
        let schema: Option<Arc<str>> = match schema {
            None | Some(Value::None) => self.schema.clone(),
            Some(schema) => match known(&schema) {
                Some((Family::SqlAlchemy, "BLANK_SCHEMA")) => None,
                _ => Some(text_of(&schema)?.into()),
            },
        };
        Some(super::Name::new(schema.as_deref(), &stored(name)))
    }
}

/// The `type_annotation_map` that a class brings itself: its own, or that of its registry or of the bases that libraries make.
fn own_types<'a>(class: &Class<'a>, shares_registry: bool) -> Option<Rc<[(Value<'a>, Value<'a>)]>> {
    let of_call = |value: &Value<'a>| {
        let made = match method_of(value) {
            Some((registry, ..)) => call_of(registry),
            None => match value.as_term().map(|term| &term.kind) {
                Some(TermKind::Attribute(registry, _)) => call_of(registry),
                _ => call_of(value),
            },
        };
        made.and_then(|(_, arguments)| arguments.keyword("type_annotation_map"))
    };
    let own = class.attributes.get_text("type_annotation_map").filter(|_| !shares_registry);
    let of_registry = || class.attributes.get_text("registry").and_then(|registry| of_call(&registry));
    let of_others = || class.bases.iter().chain(&class.decorators).find_map(&of_call);
    match own.or_else(of_registry).or_else(of_others)? {
        Value::Dict(types) => Some(types.items().into()),
        _ => None,
    }
}

/// Whether a function is one that SQLAlchemy asks on behalf of each class: `@declared_attr`, `@declared_attr.directive`.
pub(super) fn is_declared(function: &Function<'_>) -> bool {
    let is_it = |value: &Value<'_>| match value.as_term().map(|term| &term.kind) {
        Some(TermKind::Name(path)) => path.split('.').any(|part| part == "declared_attr" || part == "declared_attr_"),
        _ => false,
    };
    function.decorators.iter().any(|decorator| is_it(decorator) || call_of(decorator).is_some_and(|(of, _)| is_it(of)))
}

/// What a class gives for a function of its that SQLAlchemy computes: `cls.__tablename__` and its like. Those that make columns are asked
/// where columns are read.
pub fn described<'a>(
    interpreter: &mut Interpreter<'a>,
    host: &mut dyn Host<'a>,
    function: &Rc<Function<'a>>,
    class: &Rc<Class<'a>>,
) -> Option<Value<'a>> {
    if !is_declared(function) || !matches!(function.name, "__tablename__" | "__table_args__" | "__table__") {
        return None;
    }
    let arguments = Arguments::of([Value::Class(class.clone())]);
    Some(interpreter.call(host, &Value::Function(function.clone()), arguments, class.place))
}

/// Bases outside of the project that bring no columns and no metadata.
pub(super) fn is_harmless(base: &Value<'_>) -> bool {
    matches!(outside(base), Outside::Harmless)
}

fn outside<'a>(base: &Value<'a>) -> Outside<'a> {
    if let Some((object, method, arguments)) = method_of(base) {
        return match method {
            "generate_base" => Outside::Base(arguments.keyword("cls")),
            "make_declarative_base" if is_flask_object(object) => Outside::Flask(object.clone()),
            _ => Outside::Unknown,
        };
    }
    if let Some(TermKind::Attribute(object, name)) = base.as_term().map(|term| &term.kind)
        && **name == *"Model"
        && is_flask_object(object)
    {
        return Outside::Flask(object.clone());
    }
    if let Some((callee, arguments)) = call_of(base) {
        return match known(callee) {
            Some((Family::SqlAlchemy, "declarative_base" | "automap_base")) => {
                Outside::Base(arguments.get(2, "cls").or_else(|| arguments.keyword("cls")))
            }
            Some((_, "namedtuple" | "NamedTuple" | "TypedDict")) => Outside::Harmless,
            _ => Outside::Unknown,
        };
    }
    if matches!(base, Value::Builtin(_)) {
        return Outside::Harmless;
    }
    match (known(base), base.as_name()) {
        (Some((Family::SqlAlchemy, name)), _) => match name {
            "DeclarativeBase" | "DeclarativeBaseNoMeta" => Outside::Root,
            "SQLModel" => Outside::SqlModel,
            "AbstractConcreteBase" | "ConcreteBase" | "MappedAsDataclass" | "AsyncAttrs" => Outside::Harmless,
            "DeferredReflection" | "AutomapBase" | "Timestamp" => Outside::Unknown,
            _ => Outside::Harmless,
        },
        (_, Some(path)) => match HARMLESS
            .iter()
            .any(|known| path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
        {
            true => Outside::Harmless,
            false => Outside::Unknown,
        },
        _ => Outside::Unknown,
    }
}

/// Modules and classes whose classes bring no columns.
const HARMLESS: [&str; 26] = [
    "abc",
    "airflow.utils.log.logging_mixin",
    "builtins",
    "collections",
    "dataclasses",
    "dictalchemy",
    "enum",
    "flask_appbuilder.Model",
    "flask_login",
    "itsdangerous",
    "marshmallow",
    "passlib",
    "pydantic",
    "sqlalchemy_mixins.AllFeaturesMixin",
    "sqlalchemy_mixins.ReprMixin",
    "sqlalchemy_mixins.SerializeMixin",
    "sqlalchemy_mixins.activerecord",
    "sqlalchemy_mixins.serialize",
    "sqlalchemy_searchable",
    "sqlalchemy_serializer",
    "starlette",
    "threading",
    "traitlets",
    "typing",
    "typing_extensions",
    "werkzeug",
];

/// What the decorators of a class make of it.
fn decoration(class: &Class<'_>) -> Option<Mapping> {
    class.decorators.iter().find_map(|decorator| {
        if let Some((_, method, _)) = method_of(decorator) {
            return match method {
                "as_declarative_base" => Some(Mapping::Abstract),
                "mapped" | "mapped_as_dataclass" => Some(Mapping::Mapped),
                _ => None,
            };
        }
        if let Some(TermKind::Attribute(_, name)) = decorator.as_term().map(|term| &term.kind) {
            return matches!(&**name, "mapped" | "mapped_as_dataclass").then_some(Mapping::Mapped);
        }
        match known(call_of(decorator).map_or(decorator, |(callee, _)| callee)) {
            Some((Family::SqlAlchemy, "as_declarative")) => Some(Mapping::Abstract),
            Some((Family::SqlAlchemy, "mapped_as_dataclass")) => Some(Mapping::Mapped),
            _ => None,
        }
    })
}

/// `DeclarativeMeta`, or a metaclass of the project that is one.
fn makes_declarative(metaclass: &Value<'_>) -> bool {
    let is_it = |value: &Value<'_>| {
        matches!(
            known(value),
            Some((Family::SqlAlchemy, "DeclarativeMeta" | "DefaultMeta" | "DeclarativeAttributeIntercept"))
        )
    };
    match metaclass {
        Value::Class(class) => class.lineage().iter().any(is_it),
        metaclass => is_it(metaclass),
    }
}

/// Depth first, what several share last.
fn ordered(all: Vec<Value<'_>>) -> Vec<Value<'_>> {
    let mut classes = HashSet::new();
    let mut res: Vec<Value<'_>> = Vec::with_capacity(all.len());
    for value in all.into_iter().rev() {
        match &value {
            Value::Class(class) if !classes.insert(Rc::as_ptr(class)) => {}
            Value::Class(_) => res.push(value),
            _ if res.len() < MOST => res.push(value),
            _ => {}
        }
    }
    res.reverse();
    res
}

/// Flask-SQLAlchemy's `camel_to_snake_case`: `((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))` gets a `_` before it.
fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut res = String::with_capacity(name.len() + 4);
    for (at, c) in chars.iter().enumerate() {
        if c.is_ascii_uppercase() && at > 0 {
            let before = chars[at - 1];
            let after = chars.get(at + 1).is_some_and(char::is_ascii_lowercase);
            if before.is_ascii_lowercase() || before.is_ascii_digit() || after {
                res.push('_');
            }
        }
        res.push(*c);
    }
    res.to_lowercase().trim_start_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    /// What Flask-SQLAlchemy 3.1 makes of them.
    #[test]
    fn flask_names() {
        for (class, table) in [
            ("HTTPServer", "http_server"),
            ("UserAPI", "user_api"),
            ("OAuth2Token", "o_auth2_token"),
            ("User2FA", "user2_fa"),
            ("ABTest", "ab_test"),
            ("S3Bucket", "s3_bucket"),
            ("User_Role", "user__role"),
            ("ProductionScheduleVersion", "production_schedule_version"),
        ] {
            assert_eq!(snake_case(class), table);
        }
    }
}
