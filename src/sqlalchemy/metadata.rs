//! The metadata that `env.py` hands to Alembic: which naming convention it brings.

use std::rc::Rc;

use super::Naming;
use super::library::{Family, call_of, known};
use crate::python::interpret::{Arguments, Block, Host, Interpreter, Modules, ParsedModule, Term, TermKind, Value};

/// The naming convention of the `target_metadata` of an `env.py`, and the names of modules that were asked for and not there.
pub fn naming_of(env: &ParsedModule, modules: &dyn Modules) -> (Naming, Vec<String>) {
    let mut interpreter = Interpreter::new(modules, Default::default());
    let scope = interpreter.lazy_module(env);
    let mut host = Nothing;
    let naming = match interpreter.global(&mut host, &scope, "target_metadata") {
        Some(value) => of(&value, &mut interpreter, &mut host, 0),
        None => Naming::Unknown,
    };
    (naming, interpreter.missing().map(str::to_owned).collect())
}

/// No more metadata within each other than this is looked at.
const MOST: usize = 8;

fn of<'a>(value: &Value<'a>, interpreter: &mut Interpreter<'a>, host: &mut Nothing, depth: usize) -> Naming {
    if depth > MOST {
        return Naming::Unknown;
    }
    if let Some((callee, arguments)) = call_of(value) {
        return match known(callee) {
            Some((Family::SqlAlchemy, "MetaData")) => convention(arguments),
            // `declarative_base(metadata=…)`, `SQLAlchemy(metadata=…)`
            Some((
                Family::SqlAlchemy,
                "declarative_base" | "automap_base" | "registry" | "generate_base" | "SQLAlchemy",
            )) => match arguments.keyword("metadata") {
                Some(metadata) => of(&metadata, interpreter, host, depth + 1),
                None if arguments.more => Naming::Unknown,
                None => Naming::None,
            },
            _ => Naming::Unknown,
        };
    }
    match value {
        // SchemaObjects.metadata() takes a convention from a metadata only
        Value::None => Naming::None,
        Value::Class(class) => {
            let lineage = class.lineage();
            match lineage.iter().find(|base| !matches!(base, Value::Class(_))) {
                Some(base) if base.as_name().is_some_and(is_declarative) => Naming::None,
                Some(base) if call_of(base).is_some() => of(base, interpreter, host, depth + 1),
                _ => Naming::Unknown,
            }
        }
        Value::List(_) | Value::Tuple(_) => {
            let mut all = interpreter.iterate(host, value).unwrap_or_default().into_iter();
            let Some(first) = all.next() else { return Naming::Unknown };
            let first = of(&first, interpreter, host, depth + 1);
            let same = all.all(|other| of(&other, interpreter, host, depth + 1) == first);
            if same { first } else { Naming::Unknown }
        }
        Value::Term(term) => match &term.kind {
            TermKind::Name(name) if name.strip_suffix(".metadata").is_some_and(is_declarative) => Naming::None,
            TermKind::Attribute(object, name) if &**name == "metadata" => of(object, interpreter, host, depth + 1),
            _ => Naming::Unknown,
        },
        _ => Naming::Unknown,
    }
}

fn is_declarative(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("DeclarativeBase" | "DeclarativeBaseNoMeta" | "SQLModel"))
}

fn convention(arguments: &Arguments<'_>) -> Naming {
    match arguments.keyword("naming_convention") {
        Some(Value::Dict(dict)) => {
            let items = dict.items();
            let text = |value: &Value| value.as_str().map(str::to_owned);
            let known: Option<_> = items.iter().map(|(key, value)| Some((text(key)?, text(value)?))).collect();
            known.map_or(Naming::Unknown, Naming::Known)
        }
        Some(Value::None) => Naming::None,
        None if !arguments.more => Naming::None,
        _ => Naming::Unknown,
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
