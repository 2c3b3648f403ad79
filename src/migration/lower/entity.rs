//! Operations that other packages add to `op`: alembic-postgresql-enum, alembic_utils, and those nobody knows.

use super::host::{Actions, Lowering, one};
use crate::python::interpret::{Arguments, Interpreter, Value};
use crate::schema::{Action, Name, Object, OtherKind, Touches};
use crate::sqlalchemy::{call_of, stored, text_of};

impl<'a> Lowering<'a> {
    pub(super) fn entity(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        name: &str,
        arguments: &Arguments<'a>,
    ) -> Option<Actions> {
        let text_at = |at: usize, name: &str| arguments.get(at, name).and_then(|value| text_of(&value));
        let unknown = |touches| one(Action::Unknown { text: format!("op.{name}"), touches });
        Some(match name {
            "sync_enum_values" | "add_enum_value" => {
                let (schema, ty) = (text_at(0, "enum_schema"), text_at(1, "enum_name"));
                let Some(ty) = ty else { return Some(unknown(Touches::Anything)) };
                let ty = Name::new(schema.as_deref(), &stored(&ty));
                match name {
                    "sync_enum_values" => {
                        let values =
                            arguments.get(2, "new_values").and_then(|values| interpreter.iterate(self, &values));
                        let values = values.and_then(|values| {
                            values.iter().map(|value| text_of(value).map(Into::into)).collect::<Option<Vec<_>>>()
                        });
                        one(Action::SetEnumValues { ty, values })
                    }
                    _ => match text_at(2, "new_value") {
                        Some(value) => one(Action::AddEnumValue {
                            ty,
                            value: value.into(),
                            if_not_exists: false,
                            before: None,
                            after: text_at(3, "before_value").map(Into::into),
                        }),
                        None => unknown(Touches::Objects(vec![Object::Type(ty)])),
                    },
                }
            }
            "create_entity" | "replace_entity" | "drop_entity" => {
                match arguments.get(0, "target").and_then(|entity| pg_entity(&entity)) {
                    Some(None) => one(Action::Nothing),
                    Some(Some((kind, entity))) => one(match name {
                        "drop_entity" => Action::DropOther { kind, name: entity, if_exists: false, cascade: false },
                        _ => Action::CreateOther {
                            kind,
                            name: entity,
                            if_not_exists: false,
                            or_replace: name == "replace_entity" || kind == OtherKind::Function,
                        },
                    }),
                    None => unknown(Touches::Objects(Vec::new())),
                }
            }
            "invoke" => unknown(Touches::Anything),
            _ => {
                let mut objects = Vec::new();
                let given = arguments.positional.iter().map(|(value, _)| value);
                for name in given.chain(arguments.keywords.iter().map(|(_, value, _)| value)).filter_map(text_of) {
                    let name = match name.split_once('.') {
                        Some((schema, name)) => Name::new(Some(schema), &stored(name)),
                        None => Name::from(&*stored(&name)),
                    };
                    objects.push(Object::Table(name.clone()));
                    objects.push(Object::Type(name.clone()));
                    objects.push(Object::Other(OtherKind::View, name));
                }
                unknown(Touches::Objects(objects))
            }
        })
    }
}

/// The kind and the name of an entity of alembic_utils; no name for one of no consequence.
fn pg_entity(value: &Value<'_>) -> Option<Option<(OtherKind, Name)>> {
    let (callee, arguments) = call_of(value)?;
    let kind = match callee.as_name()?.rsplit('.').next()? {
        "PGView" => OtherKind::View,
        "PGMaterializedView" => OtherKind::MaterializedView,
        "PGFunction" => OtherKind::Function,
        "PGTrigger" => OtherKind::Trigger,
        "PGExtension" => OtherKind::Extension,
        "PGPolicy" | "PGGrantTable" => return Some(None),
        _ => return None,
    };
    let schema = arguments.get(0, "schema").and_then(|schema| text_of(&schema));
    let signature = text_of(&arguments.get(1, "signature")?)?;
    let name = signature.split('(').next()?.trim().trim_matches('"');
    Some(Some((kind, Name::new(schema.as_deref(), &stored(name)))))
}
