//! `Column` and `mapped_column`.

use std::sync::Arc;

use super::Reader;
use super::constraint::{reference_actions, unknown_reference};
use super::default::written_default;
use super::library::{Family, Given, call_of, given_name, known, method_of, text_of};
use super::naming::{Kind, Made, Parts, stored};
use super::types::TypeUse;
use crate::python::interpret::{Arguments, Value};
use crate::schema::{Certainty, ColumnDef, Comment, Constraint, ConstraintKind, Default, IndexDef, Name, Type};

/// A column as it is declared.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub definition: ColumnDef,
    /// `primary_key=True`.
    pub primary: bool,
    pub autoincrement: Autoincrement,
    /// It points at another table, be it by a constraint of its own.
    pub foreign: bool,
    /// What SQLAlchemy fills in when a row leaves the column out (`default=`).
    pub filled: bool,
    /// The name by which Python knows it.
    pub key: Arc<str>,
    /// No type is written: it is that of the column that its foreign key points at (SQLAlchemy's `ForeignKey._set_type`).
    pub ty_from_reference: bool,
    /// `nullable=` is written: being part of the primary key does not change what the metadata says of it.
    pub nullable_written: bool,
}

/// `autoincrement=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Autoincrement {
    Auto,
    True,
    False,
}

/// What a class of this name makes, `Column`s of all kinds.
pub(super) fn is_column_class(value: &Value<'_>) -> bool {
    match known(value) {
        Some((Family::SqlAlchemy, name)) => matches!(name, "Column" | "mapped_column"),
        _ => false,
    }
}

/// Whether a value is a column, of a table or mapped.
pub fn is_column(value: &Value<'_>) -> bool {
    column_arguments(value).is_some()
}

/// The arguments of what makes a column.
pub(super) fn column_arguments<'a>(value: &Value<'a>) -> Option<Arguments<'a>> {
    match value {
        Value::Instance(instance) if instance.class.lineage().iter().any(is_column_class) => {
            let outer = instance.outer_arguments.borrow().clone();
            Some(outer.unwrap_or_else(|| instance.arguments.clone()))
        }
        _ => match method_of(value) {
            Some((object, "copy" | "_copy", _)) => column_arguments(object),
            _ => call_of(value).filter(|(callee, _)| is_column_class(callee)).map(|(_, arguments)| arguments.clone()),
        },
    }
}

/// A call of what makes a column, taken apart.
#[derive(Default)]
pub(super) struct Spelled<'a> {
    pub name: Option<Value<'a>>,
    pub ty: Option<Value<'a>>,
    /// Foreign keys, constraints, defaults.
    pub items: Vec<Value<'a>>,
    /// All of them; of these the keywords count.
    pub arguments: Arguments<'a>,
}

impl<'a> Spelled<'a> {
    /// `None` when the value is no column, or has no name that can be told although it is no attribute.
    pub(super) fn of(value: &Value<'a>, is_attribute: bool) -> Option<Self> {
        let arguments = column_arguments(value)?;
        let mut positional = arguments.positional.iter().map(|(value, _)| value).peekable();
        let keyword = |name: &str| arguments.keywords.iter().find(|(key, ..)| **key == *name);
        let mut name = keyword("name").map(|(_, value, _)| value.clone());
        if let Some(first) = positional.peek()
            && (text_of(first).is_some() || (matches!(first, Value::None) && is_attribute))
        {
            name = positional.next().cloned();
        } else if !is_attribute && name.is_none() {
            return None;
        }
        let mut ty = keyword("type_").map(|(_, value, _)| value.clone());
        if ty.is_none() && positional.peek().is_some_and(|value| Reader::looks_like_type(value)) {
            ty = positional.next().cloned();
        }
        let items = positional.cloned().collect();
        Some(Spelled { name, ty, items, arguments })
    }

    /// With what a `mapped_column` within `Annotated` adds (`Column._merge`); names there do not count.
    pub(super) fn merged(mut self, shared: Spelled<'a>) -> Self {
        if matches!(self.ty, None | Some(Value::None)) {
            self.ty = shared.ty;
        }
        self.items.extend(shared.items);
        let own = &mut self.arguments;
        own.more |= shared.arguments.more;
        own.keywords.retain(|(_, value, _)| !matches!(value, Value::None));
        let is_default = |key: &str| matches!(key, "default" | "insert_default");
        for (key, value, span) in shared.arguments.keywords {
            let known = own.keywords.iter().position(|(own, ..)| own == &key);
            match (&*key, known) {
                ("name" | "key", _) => {}
                ("primary_key", Some(at)) if value.truth() == Some(true) => own.keywords[at].1 = value,
                (_, Some(_)) => {}
                (key, None) if is_default(key) && own.keywords.iter().any(|(own, ..)| is_default(own)) => {}
                (_, None) => own.keywords.push((key, value, span)),
            }
        }
        self
    }

    /// Whether it has a foreign key.
    pub(super) fn refers(&self) -> bool {
        let is_key = |item: &Value<'a>| {
            call_of(item).is_some_and(|(callee, _)| known(callee).is_some_and(|(_, name)| name == "ForeignKey"))
        };
        self.items.iter().any(is_key)
    }
}

impl<'a> Reader<'_, 'a> {
    /// Reads a column; `None` when the value is none, or its name is not known. `attribute` is its name where it has no
    /// other.
    pub fn column(&mut self, value: &Value<'a>, table: &Name, attribute: Option<&str>) -> Option<Column> {
        let spelled = Spelled::of(value, attribute.is_some())?;
        self.column_of(&spelled, None, None, table, attribute)
    }

    /// The same for one that is taken apart; `ty` is its type where none is written, `nullable` whether it is where that is not
    /// written.
    pub(super) fn column_of(
        &mut self,
        spelled: &Spelled<'a>,
        ty: Option<TypeUse>,
        nullable: Option<bool>,
        table: &Name,
        attribute: Option<&str>,
    ) -> Option<Column> {
        let name = match &spelled.name {
            None | Some(Value::None) => attribute?.to_owned(),
            Some(name) => text_of(name)?,
        };
        let written = spelled.ty.as_ref().filter(|ty| !matches!(ty, Value::None));
        let is_typed = written.is_some() || ty.is_some();
        let ty = match written {
            Some(written) => self.type_use(written),
            None => ty.unwrap_or(TypeUse::UNKNOWN),
        };
        let mut res = self.build(&name, ty, nullable, spelled, table);
        res.ty_from_reference = !is_typed && res.foreign;
        Some(res)
    }

    fn build(
        &mut self,
        name: &str,
        ty: TypeUse,
        nullable: Option<bool>,
        spelled: &Spelled<'a>,
        table: &Name,
    ) -> Column {
        let arguments = &spelled.arguments;
        let flag = |name: &str| arguments.keyword(name).map(|value| value.truth());
        let name = stored(name);
        let key = arguments.keyword("key").and_then(|key| text_of(&key)).map_or_else(|| name.clone(), Arc::from);
        let primary = flag("primary_key").flatten().unwrap_or(false);
        let written = arguments.keywords.iter().find(|(key, ..)| **key == *"nullable").map(|(_, value, _)| value);
        let is_nullable = match written {
            None => Some(match nullable {
                Some(nullable) if self.in_metadata => nullable,
                nullable => nullable.unwrap_or(true) && !primary,
            }),
            // PostgreSQL's primary keys are NOT NULL whatever is written
            Some(value) => value.truth().map(|nullable| nullable && (!primary || self.in_metadata)),
        };
        let mut definition = ColumnDef {
            comment: comment(arguments),
            name: name.clone(),
            ty: ty.ty,
            enumeration: ty.enumeration,
            nullable: is_nullable.unwrap_or(true),
            default: written_default(arguments.keyword("server_default").as_ref()).into_default(),
            constraints: Vec::new(),
            index: None,
            certain: is_nullable.is_some() && !arguments.more,
        };
        if ty.inherit_schema
            && let Some(enumeration) = &mut definition.enumeration
        {
            enumeration.name.schema = table.schema.clone();
            definition.ty = Type::Named { name: enumeration.name.clone(), modifiers: None };
        }
        if let Some(check) = ty.check {
            let mut constraint = constraint(Made::Name(stored(&check)), ConstraintKind::Check, vec![name.clone()]);
            constraint.certainty = Certainty::Maybe;
            definition.constraints.push(constraint);
        }
        let mut res = Column {
            definition,
            primary,
            autoincrement: match arguments.keyword("autoincrement") {
                Some(Value::Bool(true)) => Autoincrement::True,
                Some(Value::Bool(false)) => Autoincrement::False,
                Some(Value::Str(text)) if *text == *"ignore_fk" => Autoincrement::True,
                _ => Autoincrement::Auto,
            },
            foreign: false,
            filled: !matches!(arguments.keyword("default"), None | Some(Value::None))
                || !matches!(arguments.keyword("insert_default"), None | Some(Value::None))
                || !matches!(arguments.keyword("default_factory"), None | Some(Value::None)),
            key,
            ty_from_reference: false,
            nullable_written: matches!(written, Some(Value::Bool(_))) || nullable.is_some(),
        };
        for item in &spelled.items {
            self.add_item(&mut res, item, table);
        }
        self.add_flags(&mut res, flag("unique"), flag("index"), table);
        res
    }

    fn add_item(&mut self, column: &mut Column, item: &Value<'a>, table: &Name) {
        let Some((callee, arguments)) = call_of(item) else {
            if !matches!(item, Value::None) {
                column.definition.certain = false;
            }
            return;
        };
        let definition = &mut column.definition;
        match known(callee) {
            Some((_, "ForeignKey")) => {
                column.foreign = true;
                let Some(mut reference) = self.foreign_key(arguments) else {
                    if self.in_metadata {
                        let columns = vec![definition.name.clone()];
                        definition.constraints.push(unknown_reference(columns));
                    }
                    return;
                };
                reference_actions(&mut reference, arguments);
                let columns = vec![definition.name.clone()];
                let referred = Some((&reference.table, &reference.columns[..]));
                let parts = Parts { table, columns: &columns, referred };
                let made = self.naming.name(Kind::Foreign, &given_name(arguments.keyword("name").as_ref()), parts);
                let made = constraint(made, ConstraintKind::Foreign(reference), columns);
                definition.constraints.push(self.left_out(made, arguments));
            }
            Some((_, "CheckConstraint")) => {
                let columns = vec![definition.name.clone()];
                let parts = Parts { table, columns: &columns, referred: None };
                let made = self.naming.name(Kind::Check, &given_name(arguments.get(1, "name").as_ref()), parts);
                definition.constraints.push(constraint(made, ConstraintKind::Check, columns));
            }
            Some((_, "Identity")) => {
                definition.default = Default::Some(None);
                definition.nullable = false;
            }
            Some((_, "Computed")) => definition.default = Default::Some(None),
            // the client asks the sequence; `optional` ones are left out where there is SERIAL
            Some((_, "Sequence")) => {
                column.filled = !matches!(arguments.keyword("optional"), Some(Value::Bool(true)));
            }
            Some((_, "ColumnDefault")) => column.filled = true,
            Some((_, "DefaultClause" | "PassiveDefault")) => {
                definition.default = written_default(Some(item)).into_default()
            }
            Some((_, "FetchedValue")) => definition.default = Default::Unknown,
            _ => definition.certain = false,
        }
    }

    fn add_flags(&self, column: &mut Column, unique: Option<Option<bool>>, index: Option<Option<bool>>, table: &Name) {
        let columns = vec![column.definition.name.clone()];
        let parts = Parts { table, columns: &columns, referred: None };
        match (index, unique) {
            (Some(Some(true)), unique) => {
                let name = self.naming.name(Kind::Index, &Given::None, parts).name();
                column.definition.index = Some(IndexDef {
                    // on no column that is told, PostgreSQL's name for it is a guess too
                    columns: vec![name.as_ref().map(|_| column.definition.name.clone())],
                    name,
                    orders: Vec::new(),
                    unique: unique == Some(Some(true)),
                    if_not_exists: false,
                    concurrently: false,
                    compares: Vec::new(),
                });
            }
            (None | Some(Some(false)), Some(Some(true))) => {
                let made = self.naming.name(Kind::Unique, &Given::None, parts);
                column.definition.constraints.push(constraint(made, ConstraintKind::Unique, columns));
            }
            (None | Some(Some(false)), None | Some(Some(false))) => {}
            _ => column.definition.certain = false,
        }
    }
}

/// `comment=` of a column or table.
pub(super) fn comment(arguments: &Arguments<'_>) -> Comment {
    written_comment(arguments.keyword("comment").as_ref())
}

/// What is given as a comment.
pub fn written_comment(value: Option<&Value<'_>>) -> Comment {
    match value {
        None | Some(Value::None) => Comment::None,
        Some(value) => text_of(value).map_or(Comment::Unknown, |text| Comment::Text(text.into())),
    }
}

impl Column {
    /// SQLAlchemy makes `SERIAL` of it, being the column that counts up by itself (`_autoincrement_column`).
    pub(super) fn counts(&self, only_primary: bool) -> bool {
        let is_integer = |ty: &Type| matches!(ty, Type::BuiltIn { name: "integer" | "bigint" | "smallint", modifiers } if modifiers.is_empty());
        let free = !self.filled && !self.foreign && self.definition.default == Default::None && only_primary;
        is_integer(&self.definition.ty)
            && match self.autoincrement {
                Autoincrement::True => !self.filled,
                Autoincrement::Auto => free,
                Autoincrement::False => false,
            }
    }

    /// Becomes part of the primary key; `only` when it is all of it.
    pub fn make_primary(&mut self, only: bool) {
        if self.counts(only) && self.definition.default == Default::None {
            self.definition.default = Default::Some(None);
        }
        self.definition.nullable = false;
    }
}

pub(super) fn constraint(made: Made, kind: ConstraintKind, columns: Vec<Arc<str>>) -> Constraint {
    let certainty = if made == Made::Unknown { Certainty::Maybe } else { Certainty::Certain };
    Constraint { name: made.name(), kind, columns, certainty, origin: None }
}
