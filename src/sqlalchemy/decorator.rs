//! Types that the project writes itself: `TypeDecorator`, `UserDefinedType`, subclasses of SQLAlchemy's types.

use std::rc::Rc;

use super::Reader;
use super::library::{Family, known};
use super::types::TypeUse;
use crate::python::interpret::{Arguments, Class, Instance, Term, TermKind, Value};

/// The dialect that is handed to the project's `load_dialect_impl`.
pub(super) const DIALECT: &str = "sqlalchemy.dialects.postgresql.dialect";

impl<'a> Reader<'_, 'a> {
    /// A class given without a call: SQLAlchemy calls it without arguments.
    pub(super) fn project_class(&mut self, class: &Rc<Class<'a>>) -> Option<TypeUse> {
        base(class)?;
        if self.classes.is_compiled(class) {
            return None;
        }
        match self.call(&Value::Class(class.clone()), Arguments::default(), class) {
            Value::Instance(instance) => self.project_object(&instance),
            _ => None,
        }
    }

    pub(super) fn project_object(&mut self, instance: &Rc<Instance<'a>>) -> Option<TypeUse> {
        let (family, outer) = base(&instance.class)?;
        if self.classes.is_compiled(&instance.class) {
            return None;
        }
        let object = Value::Instance(instance.clone());
        let given = instance.outer_arguments.borrow().clone().unwrap_or_else(|| instance.arguments.clone());
        match known(&outer)? {
            (_, "TypeDecorator") if family == Family::SqlAlchemy => Some(self.decorated(instance, &object, given)),
            (_, "UserDefinedType") => Some(self.user_defined(instance, &object)),
            (_, "TypeEngine" | "ExternalType" | "Concatenable" | "Indexable" | "SchemaType") => None,
            _ => {
                let made = self.call(&outer, given, &instance.class);
                self.type_of(&made)
            }
        }
    }

    /// A `TypeDecorator`: what `load_dialect_impl` gives for PostgreSQL, else its `impl`.
    fn decorated(&mut self, instance: &Rc<Instance<'a>>, object: &Value<'a>, given: Arguments<'a>) -> TypeUse {
        if writes(&instance.class, "load_dialect_impl") {
            let place = instance.class.place;
            let dialect = Value::Term(Rc::new(Term { kind: TermKind::Name(DIALECT.into()), place }));
            let method = self.interpreter.attribute(self.host, object, "load_dialect_impl", place);
            let chosen = self.call(&method, Arguments::of([dialect]), &instance.class);
            if !self.is_own_impl(&chosen, object) {
                return self.type_use(&chosen);
            }
        }
        let inner = self.interpreter.attribute(self.host, object, "impl", instance.class.place);
        match &inner {
            // a class: SQLAlchemy calls it with what the decorator was given
            Value::Term(term) if !matches!(term.kind, TermKind::Call { .. }) => {
                let made = self.call(&inner, given, &instance.class);
                self.type_use(&made)
            }
            Value::Class(_) => {
                let made = self.call(&inner, given, &instance.class);
                self.type_use(&made)
            }
            _ => self.type_use(&inner),
        }
    }

    /// `self.impl`, `self.impl_instance` or `super().load_dialect_impl(dialect)`.
    fn is_own_impl(&self, chosen: &Value<'a>, object: &Value<'a>) -> bool {
        match chosen.as_term().map(|term| &term.kind) {
            Some(TermKind::Attribute(of, name)) => of.same(object) && (**name == *"impl_instance" || **name == *"impl"),
            Some(TermKind::Call { callee, .. }) => match callee.as_term().map(|term| &term.kind) {
                Some(TermKind::Attribute(_, name)) => **name == *"load_dialect_impl",
                _ => callee.as_name().is_some_and(|name| name.ends_with(".load_dialect_impl")),
            },
            _ => false,
        }
    }

    fn user_defined(&mut self, instance: &Rc<Instance<'a>>, object: &Value<'a>) -> TypeUse {
        if !writes(&instance.class, "get_col_spec") {
            return TypeUse::UNKNOWN;
        }
        let method = self.interpreter.attribute(self.host, object, "get_col_spec", instance.class.place);
        match self.call(&method, Arguments::default(), &instance.class) {
            Value::Str(text) => crate::sql::parse_type(&text).into(),
            _ => TypeUse::UNKNOWN,
        }
    }
}

/// The first base of a class that lies outside of the project and is a type.
fn base<'a>(class: &Rc<Class<'a>>) -> Option<(Family, Value<'a>)> {
    class.lineage().into_iter().find_map(|base| {
        // `TypeDecorator[uuid.UUID]`
        let base = match base.as_term().map(|term| &term.kind) {
            Some(TermKind::Item(generic, _)) => generic.clone(),
            _ => base,
        };
        let (family, name) = known(&base)?;
        let is_type = match family {
            Family::SqlAlchemy | Family::Postgresql | Family::OtherDialect => {
                !name.starts_with("Mutable") && !matches!(name, "Generic" | "SQLModel" | "Model" | "DeclarativeBase")
            }
            Family::Other => super::extension::foreign(base.as_name()?, &Arguments::default()).is_some(),
            Family::Function => false,
        };
        is_type.then_some((family, base))
    })
}

/// Whether a class of the project, this or a base, writes a method.
fn writes(class: &Rc<Class<'_>>, method: &str) -> bool {
    class.lineage().iter().any(|class| match class {
        Value::Class(class) => class.attributes.get_text(method).is_some(),
        _ => false,
    })
}
