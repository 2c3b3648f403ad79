//! `sqlalchemy.Enum` and `postgresql.ENUM` (reference: `SchemaType`, `NamedType`).

use std::rc::Rc;
use std::sync::Arc;

use super::Reader;
use super::builtin::{plain, with};
use super::library::{text_of, written};
use super::naming::stored;
use super::types::TypeUse;
use crate::python::interpret::{Arguments, Class, Value};
use crate::schema::{EnumDef, Name, Type, TypeCreation};

impl<'a> Reader<'_, 'a> {
    /// What a call of `Enum` makes, or of `ENUM` when `only_native`.
    pub(super) fn enumeration(&mut self, only_native: bool, arguments: &Arguments<'a>) -> TypeUse {
        let values = self.enum_values(arguments);
        let name = match written(arguments, "name") {
            Some(Value::None) | None => arguments.positional.first().and_then(|(first, _)| class_name(first)),
            Some(name) => text_of(&name),
        };
        let native = match written(arguments, "native_enum") {
            _ if only_native => Some(true),
            None => Some(true),
            Some(value) => value.truth(),
        };
        match native {
            Some(true) => {}
            Some(false) => {
                let check = match written(arguments, "create_constraint") {
                    Some(Value::Bool(false)) => None,
                    _ => name,
                };
                return TypeUse { ty: as_text(values, arguments), check, ..TypeUse::UNKNOWN };
            }
            None => return TypeUse::UNKNOWN,
        }
        let (Some(name), Some(schema)) = (name, schema(arguments)) else { return TypeUse::UNKNOWN };
        let name = Name::new(schema.as_deref(), &stored(&name));
        let creation = creation(only_native, arguments);
        // since 2.1 an enumeration without a schema and a metadata of its own goes where its table is
        let is_unbound = matches!(written(arguments, "metadata"), None | Some(Value::None));
        let by_itself = is_unbound && self.versions.sqlalchemy.is_some_and(|version| version >= (2, 1));
        let inherit_schema = schema.is_none()
            && match written(arguments, "inherit_schema") {
                Some(Value::Bool(inherits)) => inherits,
                Some(_) => false,
                None => by_itself,
            };
        let ty = Type::Named { name: name.clone(), modifiers: None };
        TypeUse { ty, enumeration: Some(EnumDef { name, values, creation }), inherit_schema, check: None }
    }

    /// The labels, in order; `None` when they cannot all be told.
    fn enum_values(&mut self, arguments: &Arguments<'a>) -> Option<Vec<Arc<str>>> {
        if arguments.more {
            return None;
        }
        let given = &arguments.positional;
        match given.as_slice() {
            [] => match written(arguments, "enums") {
                Some(value) => self.labels(&value),
                None => Some(Vec::new()),
            },
            [(Value::Class(class), _)] if class.members().is_some() => self.members(class, arguments),
            [(value @ (Value::List(_) | Value::Tuple(_)), _)] => self.labels(value),
            values => values.iter().map(|(value, _)| text_of(value).map(Arc::from)).collect(),
        }
    }

    /// The names of the members of an enumeration, or what `values_callable` gives.
    fn members(&mut self, class: &Rc<Class<'a>>, arguments: &Arguments<'a>) -> Option<Vec<Arc<str>>> {
        match written(arguments, "values_callable") {
            None | Some(Value::None) => {
                let members = class.members()?.iter().filter(|member| !member.alias);
                Some(members.map(|member| Arc::from(&*member.name)).collect())
            }
            Some(callable) => {
                let values = self.call(&callable, Arguments::of([Value::Class(class.clone())]), class);
                self.labels(&values)
            }
        }
    }

    fn labels(&mut self, values: &Value<'a>) -> Option<Vec<Arc<str>>> {
        let values = self.interpreter.iterate(self.host, values)?;
        values.iter().map(|value| text_of(value).map(Arc::from)).collect()
    }
}

/// The name that a type has by its Python class: `enum.py`'s class name in small letters.
fn class_name(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Class(class) => Some(class.name.to_lowercase()),
        Value::Term(_) => {
            let last = value.as_name()?.rsplit('.').next()?;
            last.starts_with(char::is_uppercase).then(|| last.to_lowercase())
        }
        _ => None,
    }
}

fn schema(arguments: &Arguments<'_>) -> Option<Option<String>> {
    match written(arguments, "schema") {
        None | Some(Value::None) => Some(None),
        Some(value) => text_of(&value).map(Some),
    }
}

fn creation(only_native: bool, arguments: &Arguments<'_>) -> TypeCreation {
    match written(arguments, "create_type").map_or(Some(true), |value| value.truth()) {
        Some(false) if only_native => return TypeCreation::Never,
        Some(false) => return TypeCreation::IgnoredBefore21,
        Some(true) => {}
        None => return TypeCreation::Unknown,
    }
    match written(arguments, "metadata") {
        None | Some(Value::None) => TypeCreation::WithTable,
        Some(_) => TypeCreation::From21,
    }
}

/// `VARCHAR` as long as the longest label.
fn as_text(values: Option<Vec<Arc<str>>>, arguments: &Arguments<'_>) -> Type {
    let length = match written(arguments, "length") {
        Some(Value::Int(length)) => i32::try_from(length).ok(),
        None | Some(Value::None) => values.map(|values| {
            let longest = values.iter().map(|value| value.chars().count()).max().unwrap_or(0);
            i32::try_from(longest).unwrap_or(0)
        }),
        Some(_) => None,
    };
    match length {
        Some(0) => plain("character varying"),
        Some(length) => with("character varying", vec![length]),
        None => Type::Unknown,
    }
}
