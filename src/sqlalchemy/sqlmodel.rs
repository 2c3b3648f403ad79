//! The fields of a SQLModel class.

use super::Reader;
use super::annotation::{Attribute, Declared};
use super::builtin::{Number, builtin, number, plain, text, with};
use super::column::{Spelled, column_arguments};
use super::library::{Family, call_of, known};
use super::python_type::{annotated, item, members, typing_name, without_none};
use super::types::TypeUse;
use crate::python::interpret::{Arguments, Term, TermKind, Text, Value};
use crate::schema::Type;

/// From here on a `datetime` is kept with its time zone; up to [`LAST_NAIVE`] it is not.
const FIRST_AWARE: (u32, u32, u32) = (0, 0, 45);
const LAST_NAIVE: (u32, u32, u32) = (0, 0, 42);

/// What is said of a field: `Field(…)`, assigned or within `Annotated`, and constraints of pydantic's.
struct Said<'a> {
    /// Of a column only what was said last counts; constraints add up.
    fields: Vec<Arguments<'a>>,
    /// Something of it is not known.
    unclear: bool,
}

impl<'a> Reader<'_, 'a> {
    /// Reads a field of a class with `table=True` (SQLModel's `get_column_from_field`).
    pub fn field(&mut self, attribute: &Attribute<'_, 'a>) -> Declared {
        let Some(annotation) = attribute.annotation else { return Declared::Nothing };
        if attribute.name.starts_with('_') || is_class_variable(annotation) {
            return Declared::Nothing;
        }
        let assigned =
            attribute.assigned.and_then(call_of).and_then(|(callee, given)| Some((last_name(callee)?, given)));
        if matches!(assigned, Some(("Relationship" | "PrivateAttr" | "relationship", _))) {
            return Declared::Nothing;
        }
        if matches!(attribute.assigned, Some(Value::Function(_) | Value::Class(_))) {
            return Declared::Nothing;
        }
        let mut optional = members(annotation).len() > without_none(annotation).len();
        let mut said = Said { fields: Vec::new(), unclear: annotation.is_unknown() };
        let mut ty = annotation.clone();
        // what is said within `Optional[…]` is not heard
        if let Some((first, metadata)) = annotated(&ty) {
            said.unclear |= metadata.iter().any(Value::is_unknown);
            said.fields.extend(metadata.iter().filter_map(constraints));
            optional |= members(&first).len() > without_none(&first).len();
            ty = first;
        }
        for _ in 0..10 {
            if let [one] = without_none(&ty).as_slice() {
                ty = one.clone();
            }
            let Some((first, _)) = annotated(&ty) else { break };
            ty = first;
        }
        // `condecimal(max_digits=5)`
        if let Some((callee, given)) = call_of(&ty) {
            if last_name(callee) == Some("condecimal") {
                said.fields.push(given.clone());
            }
            ty = callee.clone();
        }
        match (assigned, attribute.assigned) {
            (Some(("Field", given)), _) => said.fields.push(given.clone()),
            (_, Some(Value::Unknown)) => said.unclear = true,
            _ => {}
        }
        if said.fields.iter().any(|given| given.more) || said.unclear {
            return Declared::Unknown;
        }
        self.field_column(attribute, &said, &ty, optional)
    }

    fn field_column(
        &mut self,
        attribute: &Attribute<'_, 'a>,
        said: &Said<'a>,
        ty: &Value<'a>,
        optional: bool,
    ) -> Declared {
        let found = |column: Option<super::Column>| {
            column.map_or(Declared::Unknown, |column| Declared::Column(Box::new(column)))
        };
        if let Some(column) = said.of("sa_column") {
            return match column_arguments(&column).is_some() {
                true => found(self.column(&column, attribute.table, Some(attribute.name))),
                false => Declared::Unknown,
            };
        }
        let mut spelled = Spelled::default();
        let mut keywords: Vec<(Text<'a>, Value<'a>)> = ["primary_key", "index", "unique", "nullable"]
            .into_iter()
            .filter_map(|name| Some((Text::from(name), said.of(name)?)))
            .collect();
        if said.is_filled()
            || attribute
                .assigned
                .is_some_and(|assigned| call_of(assigned).is_none() && !matches!(assigned, Value::None))
        {
            keywords.push(("default".into(), Value::Bool(true)));
        }
        if let Some(target) = said.of("foreign_key").filter(|target| !matches!(target, Value::None)) {
            spelled.items.push(self.foreign_key_of(attribute, target, said.of("ondelete")));
        }
        if let Some(items) = said.of("sa_column_args") {
            let Some(items) = self.interpreter.iterate(self.host, &items) else { return Declared::Unknown };
            spelled.items.extend(items);
        }
        match said.of("sa_column_kwargs") {
            None => {}
            Some(Value::Dict(options)) if !options.more.get() => {
                for (name, value) in options.items() {
                    let Value::Str(name) = name else { return Declared::Unknown };
                    keywords.retain(|(known, _)| *known != name);
                    keywords.push((name, value));
                }
            }
            Some(_) => return Declared::Unknown,
        }
        spelled.name = keywords.iter().find(|(name, _)| **name == *"name").map(|(_, name)| name.clone());
        spelled.arguments.keywords =
            keywords.into_iter().map(|(name, value)| (name, value, Default::default())).collect();
        spelled.ty = said.of("sa_type").or_else(|| spelled.arguments.keyword("type_"));
        let ty = match spelled.ty {
            Some(_) => None,
            None => Some(self.field_type(ty, said)),
        };
        let primary = spelled.arguments.keyword("primary_key").is_some_and(|primary| primary.truth() == Some(true));
        found(self.column_of(&spelled, ty, Some(optional && !primary), attribute.table, Some(attribute.name)))
    }

    /// `ForeignKey(target, ondelete=…)`
    fn foreign_key_of(
        &self,
        attribute: &Attribute<'_, 'a>,
        target: Value<'a>,
        on_delete: Option<Value<'a>>,
    ) -> Value<'a> {
        let place = attribute.class.place;
        let term = |kind| Value::Term(std::rc::Rc::new(Term { kind, place }));
        let mut arguments = Arguments::of([target]);
        arguments.keywords.extend(on_delete.map(|action| ("ondelete".into(), action, Default::default())));
        let callee = term(TermKind::Name("sqlalchemy.ForeignKey".into()));
        term(TermKind::Call { callee, arguments })
    }

    /// The type that a Python type stands for (SQLModel's `get_sqlalchemy_type`).
    fn field_type(&mut self, ty: &Value<'a>, said: &Said<'a>) -> TypeUse {
        if let Value::Class(class) = ty {
            if class.members().is_some() {
                return self.enumeration(false, &Arguments::of([ty.clone()]));
            }
            let kinds: Vec<Kind> = class.lineage().iter().skip(1).filter_map(kind).collect();
            return match kinds.first() {
                Some(&kind) => self.kind_type(kind, said),
                None => TypeUse::UNKNOWN,
            };
        }
        kind(ty).map_or(TypeUse::UNKNOWN, |kind| self.kind_type(kind, said))
    }

    fn kind_type(&self, kind: Kind, said: &Said<'a>) -> TypeUse {
        let sized = |names: [&str; 2]| -> Arguments<'a> {
            let keywords = names
                .into_iter()
                .zip(["precision", "scale"])
                .filter_map(|(name, to)| Some((to.into(), said.of(name)?, Default::default())));
            Arguments { keywords: keywords.collect(), ..Arguments::default() }
        };
        match kind {
            Kind::Text => {
                let length = said.of("max_length").map(|length| Arguments::of([length])).unwrap_or_default();
                match number(&length, 0, "length") {
                    // a length of nothing is none
                    Number::Known(0) => plain("character varying").into(),
                    length => text("character varying", length).into(),
                }
            }
            Kind::Simple(class) => {
                builtin(Family::SqlAlchemy, class, &Arguments::default()).map_or(TypeUse::UNKNOWN, TypeUse::from)
            }
            Kind::Decimal => {
                let arguments = sized(["max_digits", "decimal_places"]);
                match (number(&arguments, usize::MAX, "precision"), number(&arguments, usize::MAX, "scale")) {
                    (Number::Known(precision), Number::Known(scale)) => with("numeric", vec![precision, scale]).into(),
                    _ => builtin(Family::SqlAlchemy, "Numeric", &arguments).map_or(TypeUse::UNKNOWN, TypeUse::from),
                }
            }
            Kind::DateTime => match self.versions.sqlmodel {
                Some(version) if version >= FIRST_AWARE => plain("timestamp with time zone").into(),
                Some(version) if version <= LAST_NAIVE => plain("timestamp without time zone").into(),
                _ => Type::Unknown.into(),
            },
        }
    }
}

impl<'a> Said<'a> {
    /// What is said of something; `Undefined` and the like say nothing.
    fn of(&self, name: &str) -> Option<Value<'a>> {
        let is_constraint = matches!(name, "max_length" | "max_digits" | "decimal_places");
        let said = match is_constraint {
            true => self.fields.iter().rev().find_map(|given| given.keyword(name))?,
            false => self.fields.last()?.keyword(name)?,
        };
        (!matches!(last_name(&said), Some("Undefined" | "PydanticUndefined"))).then_some(said)
    }

    /// Whether a default is given to what is inserted.
    fn is_filled(&self) -> bool {
        self.fields.iter().any(|given| {
            let default =
                given.get(0, "default").filter(|default| !matches!(default, Value::None | Value::Builtin("Ellipsis")));
            default.is_some() || given.keyword("default_factory").is_some_and(|factory| !matches!(factory, Value::None))
        })
    }
}

/// What SQLModel tells Python types by.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Decimal,
    DateTime,
    /// The SQLAlchemy class that it becomes.
    Simple(&'static str),
}

fn kind(ty: &Value<'_>) -> Option<Kind> {
    Some(match ty {
        Value::Builtin("str") => Kind::Text,
        Value::Builtin("float") => Kind::Simple("Float"),
        Value::Builtin("bool") => Kind::Simple("Boolean"),
        Value::Builtin("int") => Kind::Simple("Integer"),
        Value::Builtin("bytes") => Kind::Simple("LargeBinary"),
        _ => match ty.as_name()?.split_once('.')? {
            ("datetime", "datetime") => Kind::DateTime,
            ("datetime", "date") => Kind::Simple("Date"),
            ("datetime", "time") => Kind::Simple("Time"),
            ("datetime", "timedelta") => Kind::Simple("Interval"),
            ("decimal", "Decimal") => Kind::Decimal,
            ("uuid", "UUID") => Kind::Simple("Uuid"),
            ("ipaddress", _) | ("pathlib", "Path") => Kind::Text,
            (root, path) if root.starts_with("pydantic") => match path.rsplit('.').next()? {
                "NaiveDatetime" => Kind::Simple("DateTime"),
                "AwareDatetime" => Kind::DateTime,
                "EmailStr" | "StrictStr" | "constr" | "FilePath" | "DirectoryPath" | "NewPath" => Kind::Text,
                "StrictInt" | "PositiveInt" | "NegativeInt" | "NonNegativeInt" | "NonPositiveInt" | "conint" => {
                    Kind::Simple("Integer")
                }
                "StrictFloat" | "PositiveFloat" | "NegativeFloat" | "NonNegativeFloat" | "NonPositiveFloat"
                | "FiniteFloat" | "confloat" => Kind::Simple("Float"),
                "StrictBool" => Kind::Simple("Boolean"),
                "StrictBytes" | "conbytes" => Kind::Simple("LargeBinary"),
                "condecimal" => Kind::Decimal,
                "UUID1" | "UUID3" | "UUID4" | "UUID5" | "UUID6" | "UUID7" | "UUID8" => Kind::Simple("Uuid"),
                // texts where they can be columns at all: before pydantic 2
                "AnyUrl" | "AnyHttpUrl" | "HttpUrl" => Kind::Text,
                _ => return None,
            },
            _ => return None,
        },
    })
}

/// `Field(…)`, `MaxLen(5)` within `Annotated`; `StringConstraints` say nothing of the column.
fn constraints<'a>(value: &Value<'a>) -> Option<Arguments<'a>> {
    let (callee, given) = call_of(value)?;
    match last_name(callee)? {
        "Field" => Some(given.clone()),
        "MaxLen" | "Len" => {
            let at = if last_name(callee) == Some("Len") { 1 } else { 0 };
            let length = given.get(at, "max_length")?;
            Some(Arguments {
                keywords: vec![("max_length".into(), length, Default::default())],
                ..Arguments::default()
            })
        }
        _ => None,
    }
}

fn is_class_variable(annotation: &Value<'_>) -> bool {
    let generic = item(annotation).map_or(annotation, |(generic, _)| generic);
    typing_name(generic) == Some("ClassVar")
}

fn last_name<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    match known(value) {
        Some((_, name)) => Some(name),
        None => value.as_name()?.rsplit('.').next(),
    }
}
