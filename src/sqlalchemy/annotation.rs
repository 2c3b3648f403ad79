//! What `Mapped[…]` annotations and what is assigned to them declare. How annotations are taken apart is `python_type`'s.

use std::rc::Rc;

use super::Reader;
use super::builtin::{builtin, plain, with};
use super::column::{Column, Spelled, column_arguments};
use super::declarative_table::{is_plain_column, unwrapped};
use super::library::{Family, call_of, known, text_of};
use super::python_type::{Annotation, item, literals, same, typing_name, without_none};
use super::types::TypeUse;
use crate::python::interpret::{Arguments, Class, TermKind, Value};
use crate::schema::Name;

/// An attribute of a mapped class, as it is written.
pub struct Attribute<'v, 'a> {
    pub name: &'v str,
    /// The class in whose body it stands: a mixin, a base, or the mapped class.
    pub class: &'v Rc<Class<'a>>,
    pub annotation: Option<&'v Value<'a>>,
    pub assigned: Option<&'v Value<'a>>,
    pub table: &'v Name,
    /// `type_annotation_map` of the registry or of the base: annotations, and the types they stand for.
    pub types: &'v [(Value<'a>, Value<'a>)],
}

/// What an attribute turns out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Declared {
    Column(Box<Column>),
    /// A relationship, a hybrid, a class variable: no column.
    Nothing,
    /// It may be a column.
    Unknown,
}

/// What an annotation says before its type is looked at.
enum Container<'v, 'a> {
    /// `Mapped[…]`
    Mapped(&'v Value<'a>),
    /// `DynamicMapped[…]`, `ClassVar[…]` and so on.
    NoColumn,
    Bare(&'v Value<'a>),
    Unknown,
}

impl<'a> Reader<'_, 'a> {
    /// Reads an attribute of a declarative class (SQLAlchemy's `declarative_scan`).
    pub fn mapped(&mut self, attribute: &Attribute<'_, 'a>) -> Declared {
        let container = attribute.annotation.map(container);
        if matches!(container, Some(Container::NoColumn)) {
            return Declared::Nothing;
        }
        let Some(assigned) = attribute.assigned else {
            return match container {
                Some(Container::Mapped(inner)) => self.annotated(attribute, Spelled::default(), inner),
                Some(Container::Unknown) => Declared::Unknown,
                _ => Declared::Nothing,
            };
        };
        let assigned = unwrapped(assigned);
        let is_plain = is_plain_column(&assigned);
        match Spelled::of(&assigned, true) {
            Some(spelled) => match container {
                // the annotation of a `Column` or of what a `column_property` holds is for type checkers alone
                Some(Container::Mapped(inner) | Container::Bare(inner)) if !is_plain => {
                    self.annotated(attribute, spelled, inner)
                }
                Some(Container::Unknown) if !is_plain => {
                    let written = spelled.arguments.keyword("nullable").is_some();
                    match self.column_of(&spelled, None, None, attribute.table, Some(attribute.name)) {
                        Some(mut column) => {
                            column.definition.certain &= written;
                            Declared::Column(Box::new(column))
                        }
                        None => Declared::Unknown,
                    }
                }
                _ => {
                    let column = self.column_of(&spelled, None, None, attribute.table, Some(attribute.name));
                    column.map_or(Declared::Unknown, |column| Declared::Column(Box::new(column)))
                }
            },
            None => no_column(&assigned, container.as_ref()),
        }
    }

    /// `mapped_column()`, written or not, of an attribute with an annotation.
    fn annotated(&mut self, attribute: &Attribute<'_, 'a>, own: Spelled<'a>, inner: &Value<'a>) -> Declared {
        let annotation = Annotation::of(inner);
        if annotation.metadata.iter().any(Value::is_unknown) {
            return Declared::Unknown;
        }
        let shared = annotation.metadata.iter().find_map(|value| {
            let is_mapped = column_arguments(value).is_some() && !is_plain_column(value);
            is_mapped.then(|| Spelled::of(value, true)).flatten()
        });
        let is_bare = attribute.assigned.is_none() && shared.is_none();
        let spelled = match shared {
            Some(shared) => own.merged(shared),
            None => own,
        };
        let is_typed = !matches!(spelled.ty, None | Some(Value::None));
        let ty = match is_typed || spelled.refers() {
            true => None,
            false => Some(self.python_type(&annotation, attribute.types)),
        };
        if is_bare && ty.as_ref().is_some_and(|ty| *ty == TypeUse::UNKNOWN) && names_classes(&annotation) {
            return Declared::Unknown;
        }
        let name = attribute.name;
        match self.column_of(&spelled, ty, annotation.optional, attribute.table, Some(name)) {
            Some(mut column) => {
                let written = spelled.arguments.keyword("nullable").is_some();
                column.definition.certain &= written || column.primary || annotation.optional.is_some();
                Declared::Column(Box::new(column))
            }
            None => Declared::Unknown,
        }
    }

    /// The type that a Python type stands for (SQLAlchemy's `registry._resolve_type`).
    fn python_type(&mut self, annotation: &Annotation<'a>, types: &[(Value<'a>, Value<'a>)]) -> TypeUse {
        let candidates = annotation.candidates.iter().chain(&annotation.fallback);
        for candidate in candidates {
            if candidate.iter().any(Value::is_unknown) {
                return TypeUse::UNKNOWN;
            }
            if let Some(found) = self.resolved(candidate, types) {
                return found;
            }
        }
        TypeUse::UNKNOWN
    }

    fn resolved(&mut self, candidate: &[Value<'a>], types: &[(Value<'a>, Value<'a>)]) -> Option<TypeUse> {
        let literals = match candidate {
            [one] => literals(one),
            _ => None,
        };
        match chosen(candidate, types) {
            Chosen::Type(ty) => {
                return Some(match (candidate, is_generic_enumeration(ty), literals) {
                    ([Value::Class(class)], true, _) => self.enumeration_like(ty, class),
                    (_, true, Some(literals)) => literal_type(&literals),
                    _ => self.type_use(ty),
                });
            }
            Chosen::Unclear => return Some(TypeUse::UNKNOWN),
            Chosen::None => {}
        }
        let [one] = candidate else { return None };
        if let Some(literals) = literals {
            let of_all = types.iter().find(|(key, _)| typing_name(key) == Some("Literal"));
            return Some(match of_all {
                Some((_, ty)) if !is_generic_enumeration(ty) => self.type_use(ty),
                Some((_, ty)) if !matches!(call_of(ty), Some((_, arguments)) if arguments.keywords.is_empty()) => {
                    TypeUse::UNKNOWN
                }
                _ => literal_type(&literals),
            });
        }
        match one {
            Value::Class(class) => self.class_type(class, types),
            Value::Builtin(_) | Value::Term(_) => python_builtin(one).map(TypeUse::from),
            _ => None,
        }
    }

    /// A class of the project: an enumeration, be it one whose base the map knows.
    fn class_type(&mut self, class: &Rc<Class<'a>>, types: &[(Value<'a>, Value<'a>)]) -> Option<TypeUse> {
        class.members()?;
        let is_general = |key: &Value<'a>| key.as_name() == Some("enum.Enum");
        let lineage = class.lineage();
        let mut of_bases = lineage.iter().skip(1).filter(|base| !is_general(base)).filter_map(|base| {
            match chosen(std::slice::from_ref(base), types) {
                Chosen::Type(ty) if enumeration_arguments(ty).is_some() => Some(ty),
                _ => None,
            }
        });
        let general = || types.iter().find(|(key, _)| is_general(key)).map(|(_, ty)| ty);
        let like = of_bases.next().or_else(general).filter(|ty| enumeration_arguments(ty).is_some());
        Some(match like {
            Some(ty) => self.enumeration_like(ty, class),
            None => self.enumeration(false, &Arguments::of([Value::Class(class.clone())])),
        })
    }

    /// `Enum(…)` of the map with the members of this class (`Enum._resolve_for_python_type`).
    fn enumeration_like(&mut self, ty: &Value<'a>, class: &Rc<Class<'a>>) -> TypeUse {
        let mut arguments = enumeration_arguments(ty).unwrap_or_default();
        arguments.positional = Arguments::of([Value::Class(class.clone())]).positional;
        self.enumeration(false, &arguments)
    }
}

/// The type that the map has for an annotation.
enum Chosen<'t, 'a> {
    Type(&'t Value<'a>),
    None,
    /// It may have one.
    Unclear,
}

fn chosen<'t, 'a>(candidate: &[Value<'a>], types: &'t [(Value<'a>, Value<'a>)]) -> Chosen<'t, 'a> {
    let mut res = Chosen::None;
    // of keys that are the same but for `None` the last one counts
    let is_python = matches!(candidate, [one] if python_builtin(one).is_some());
    for (key, ty) in types.iter().rev() {
        // Python's own types are always known for what they are
        if is_python && key.is_unknown() {
            continue;
        }
        match same(&without_none(key), candidate) {
            Some(true) => return Chosen::Type(ty),
            Some(false) => {}
            None => res = Chosen::Unclear,
        }
    }
    res
}

/// What `Enum` or `ENUM` is called with.
fn enumeration_arguments<'a>(ty: &Value<'a>) -> Option<Arguments<'a>> {
    let is_it =
        |value: &Value<'a>| matches!(known(value), Some((Family::SqlAlchemy | Family::Postgresql, "Enum" | "ENUM")));
    match call_of(ty) {
        Some((callee, arguments)) => is_it(callee).then(|| arguments.clone()),
        None => is_it(ty).then(Arguments::default),
    }
}

/// `Enum(enum.Enum)`: any enumeration.
fn is_generic_enumeration(ty: &Value<'_>) -> bool {
    let first = enumeration_arguments(ty).and_then(|arguments| arguments.positional.first().cloned());
    first.is_some_and(|(first, _)| first.as_name() == Some("enum.Enum"))
}

/// `VARCHAR` as long as the longest of the values.
fn literal_type(values: &[Value<'_>]) -> TypeUse {
    let lengths: Option<Vec<usize>> =
        values.iter().map(|value| text_of(value).map(|text| text.chars().count())).collect();
    match lengths.and_then(|lengths| i32::try_from(lengths.into_iter().max()?).ok()) {
        Some(0) => plain("character varying").into(),
        Some(longest) => with("character varying", vec![longest]).into(),
        None => TypeUse::UNKNOWN,
    }
}

/// The types that every registry knows (`sqltypes._type_map`).
fn python_builtin(value: &Value<'_>) -> Option<crate::schema::Type> {
    let class = match value {
        Value::Builtin(name) => match *name {
            "int" => "Integer",
            "str" => "String",
            "bool" => "Boolean",
            "float" => "Double",
            "bytes" => "LargeBinary",
            _ => return None,
        },
        _ => match value.as_name()? {
            "decimal.Decimal" | "_decimal.Decimal" => "Numeric",
            "datetime.date" => "Date",
            "datetime.datetime" => "DateTime",
            "datetime.time" => "Time",
            "datetime.timedelta" => "Interval",
            "uuid.UUID" => "Uuid",
            _ => return None,
        },
    };
    builtin(Family::SqlAlchemy, class, &Arguments::default())
}

/// Whether an annotation is `Mapped[…]`.
pub(super) fn is_mapped(annotation: &Value<'_>) -> bool {
    matches!(container(annotation), Container::Mapped(_))
}

fn container<'v, 'a>(annotation: &'v Value<'a>) -> Container<'v, 'a> {
    if annotation.is_unknown() {
        return Container::Unknown;
    }
    let Some((generic, inner)) = item(annotation) else {
        return match annotation.as_term().map(|term| &term.kind) {
            Some(TermKind::Choice { .. }) => Container::Unknown,
            _ => Container::Bare(annotation),
        };
    };
    if matches!(typing_name(generic), Some("ClassVar" | "Final")) {
        return Container::NoColumn;
    }
    match known(generic) {
        Some((Family::SqlAlchemy, "Mapped" | "MappedColumn")) => Container::Mapped(inner),
        Some((Family::SqlAlchemy, _)) => Container::NoColumn,
        _ => Container::Bare(annotation),
    }
}

/// What an attribute is whose value is no column.
fn no_column(assigned: &Value<'_>, container: Option<&Container<'_, '_>>) -> Declared {
    let is_mapped = matches!(container, Some(Container::Mapped(_) | Container::Unknown));
    match assigned {
        Value::Unknown => match is_mapped {
            true => Declared::Unknown,
            false => Declared::Nothing,
        },
        _ => match call_of(assigned).and_then(|(callee, arguments)| Some((known(callee)?, arguments))) {
            // its columns are those of the class that it is made of
            Some(((Family::SqlAlchemy, "composite"), arguments)) => {
                let has_column = arguments.positional.iter().any(|(value, _)| column_arguments(value).is_some());
                if has_column || arguments.more { Declared::Unknown } else { Declared::Nothing }
            }
            Some(((Family::Other, name), _)) if is_mapped && name.to_ascii_lowercase().contains("column") => {
                Declared::Unknown
            }
            _ => Declared::Nothing,
        },
    }
}

/// Whether the annotation is about a class of the project: a relationship, as it seems, whose value is not seen.
fn names_classes(annotation: &Annotation<'_>) -> bool {
    let is_class = |value: &Value<'_>| matches!(value, Value::Class(class) if class.members().is_none());
    annotation
        .candidates
        .iter()
        .flatten()
        .any(|value| is_class(value) || item(value).is_some_and(|(_, of)| is_class(of)))
}
