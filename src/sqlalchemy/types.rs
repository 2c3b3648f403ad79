//! The way from a value to the type it stands for.

use std::rc::Rc;

use super::Reader;
use super::builtin::builtin;
use super::extension::{Foreign, foreign};
use super::library::{Family, call_of, known, method_of, text_of};
use crate::python::interpret::{Arguments, TermKind, Value};
use crate::schema::{EnumDef, Type};

/// A type as a column has it.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeUse {
    pub ty: Type,
    /// The enum type that comes with it.
    pub enumeration: Option<EnumDef>,
    /// The enum type lives in the schema of its table (`inherit_schema=True`).
    pub inherit_schema: bool,
    /// A CHECK of this name comes with it, or may: `Enum(native_enum=False, name=…)`.
    pub check: Option<String>,
}

impl TypeUse {
    pub const UNKNOWN: TypeUse = TypeUse { ty: Type::Unknown, enumeration: None, inherit_schema: false, check: None };
}

impl From<Type> for TypeUse {
    fn from(ty: Type) -> Self {
        TypeUse { ty, ..TypeUse::UNKNOWN }
    }
}

/// Types within types: deeper than any real one.
const MOST_DEEP: usize = 20;

impl<'a> Reader<'_, 'a> {
    /// The type that a value stands for: a class or an object of SQLAlchemy's, of another package, or of the project.
    pub fn type_use(&mut self, value: &Value<'a>) -> TypeUse {
        self.type_of(value).unwrap_or(TypeUse::UNKNOWN)
    }

    /// The same; `None` when the value is no type as far as is known.
    pub fn type_of(&mut self, value: &Value<'a>) -> Option<TypeUse> {
        if self.depth >= MOST_DEEP {
            return None;
        }
        self.depth += 1;
        let res = self.type_at_depth(value);
        self.depth -= 1;
        res
    }

    fn type_at_depth(&mut self, value: &Value<'a>) -> Option<TypeUse> {
        match value {
            Value::Class(class) => self.project_class(class),
            Value::Instance(instance) => self.project_object(instance),
            Value::Term(term) => match &term.kind {
                TermKind::Call { callee, arguments } => self.called(callee, arguments),
                TermKind::Name(_) | TermKind::Attribute(..) => self.named(value, &Arguments::default()),
                TermKind::Choice { value, other, .. } => {
                    let (one, two) = (self.type_of(value)?, self.type_of(other)?);
                    (one == two).then_some(one)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn called(&mut self, callee: &Value<'a>, arguments: &Arguments<'a>) -> Option<TypeUse> {
        let method = match &callee.as_term()?.kind {
            TermKind::Name(path) => path.rsplit('.').next(),
            TermKind::Attribute(_, name) => Some(&**name),
            _ => None,
        };
        let object = match &callee.as_term()?.kind {
            TermKind::Attribute(object, _) => Some(object.clone()),
            _ => None,
        };
        match (method, object) {
            // `MutableDict.as_mutable(JSON)`
            (Some("as_mutable" | "associate_with"), _) => self.type_of(&arguments.get(0, "sqltype")?),
            (Some("with_variant"), Some(object)) => {
                let for_postgresql = arguments.positional.iter().skip(1).map(|(name, _)| text_of(name));
                let keyword = arguments.keyword("dialect_name").map(|name| text_of(&name));
                let mut names = for_postgresql.chain(keyword);
                match names.any(|name| name.as_deref() == Some("postgresql")) {
                    true => self.type_of(&arguments.get(0, "type_")?),
                    false => self.type_of(&object),
                }
            }
            (Some("copy" | "_copy" | "evaluates_none" | "adapt" | "with_metadata"), Some(object)) => {
                self.type_of(&object)
            }
            // `dialect.type_descriptor(x)` of any dialect
            (Some("type_descriptor" | "to_instance"), _) => self.type_of(&arguments.get(0, "typeobj")?),
            _ => self.named(callee, arguments),
        }
    }

    /// A class, with what it is called with.
    fn named(&mut self, class: &Value<'a>, arguments: &Arguments<'a>) -> Option<TypeUse> {
        let (family, name) = known(class)?;
        match family {
            Family::Function => None,
            Family::Other => match foreign(class.as_name()?, arguments)? {
                Foreign::Type(ty) => Some(ty.into()),
                Foreign::Like(value) => self.type_of(&value),
            },
            _ => match name {
                "Enum" | "ENUM" if family != Family::OtherDialect || name == "ENUM" => {
                    Some(self.enumeration(name == "ENUM", arguments))
                }
                "ARRAY" => {
                    let item = self.type_use(&arguments.get(0, "item_type").unwrap_or(Value::Unknown));
                    let ty = match item.ty {
                        Type::Unknown => Type::Unknown,
                        ty @ Type::Array(_) => ty,
                        ty => Type::Array(Box::new(ty)),
                    };
                    Some(TypeUse { ty, ..item })
                }
                _ => builtin(family, name, arguments).map(TypeUse::from),
            },
        }
    }

    /// Whether a value is a type rather than a constraint or a default, as far as its name tells.
    pub(super) fn looks_like_type(value: &Value<'a>) -> bool {
        const ITEMS: [&str; 17] = [
            "ForeignKey",
            "CheckConstraint",
            "Identity",
            "Computed",
            "Sequence",
            "FetchedValue",
            "DefaultClause",
            "UniqueConstraint",
            "PrimaryKeyConstraint",
            "ColumnDefault",
            "Constraint",
            "Index",
            "PassiveDefault",
            "ForeignKeyConstraint",
            "text",
            "ExcludeConstraint",
            "Column",
        ];
        match value {
            Value::None => false,
            Value::Class(_) | Value::Unknown => true,
            Value::Instance(_) => true,
            Value::Term(_) => {
                let named = call_of(value).map_or(value, |(callee, _)| callee);
                let item = known(named).is_some_and(|(_, name)| ITEMS.contains(&name));
                let method = method_of(value).is_some_and(|(_, name, _)| name == "next_value");
                !item && !method
            }
            _ => false,
        }
    }

    /// Calls something of the project, or of a library, where no call is written.
    pub(super) fn call(
        &mut self,
        callee: &Value<'a>,
        arguments: Arguments<'a>,
        like: &Rc<crate::python::interpret::Class<'a>>,
    ) -> Value<'a> {
        self.interpreter.call(self.host, callee, arguments, like.place)
    }
}
