//! What `object.name` is worth: of instances, classes, modules, and what lies outside.

use std::rc::Rc;

use super::value::{Arguments, Class, Function, Place, Role, TermKind, Text, Value};
use super::{Outside, Run, call};

impl<'a> Run<'_, 'a> {
    /// `object.name`
    pub(super) fn attribute(&mut self, object: &Value<'a>, name: &Text<'a>, place: Place<'a>) -> Value<'a> {
        if !self.spend(1) {
            return Value::Unknown;
        }
        match object {
            Value::Term(term) => match &term.kind {
                TermKind::Name(dotted) => self.outside_name(dotted, name, place),
                TermKind::Format(_) => Value::Method(Rc::new((object.clone(), name.clone()))),
                _ => self.term(TermKind::Attribute(object.clone(), name.clone()), place),
            },
            Value::Module(scope) => {
                let scope = scope.clone();
                // `globals().get(…)`
                if &**name == "get" && self.module_name(&scope, name).is_none() {
                    return Value::Method(Rc::new((object.clone(), name.clone())));
                }
                self.member_of_module(&scope, name).unwrap_or(Value::Unknown)
            }
            Value::Instance(instance) => {
                if let Some(value) = self.own_attribute(object, name) {
                    return value;
                }
                match &**name {
                    "__class__" => return Value::Class(instance.class.clone()),
                    "__dict__" => return Value::Dict(instance.attributes.clone()),
                    _ => {}
                }
                if let Some(plain) = object.plain() {
                    return self.attribute(&plain, name, place);
                }
                if let Some(method) = self.own_attribute(object, "__getattr__") {
                    // one that asks for what it is asked for never ends
                    let asked = (Rc::as_ptr(instance) as usize, name.clone());
                    if self.asking.contains(&asked) {
                        return Value::Unknown;
                    }
                    self.interpreter.asking.push(asked);
                    let value = self.call(&method, Arguments::of([Value::Str(name.clone())]), place);
                    self.interpreter.asking.pop();
                    return value;
                }
                self.attribute_outside(object, &instance.class, name, place)
            }
            // whatever the body of the class says: it is `type` that has these
            Value::Class(class) if matches!(&**name, "__name__" | "__qualname__") => Value::Str(class.name.clone()),
            Value::Class(class) => {
                if let Some(value) = self.own_attribute(object, name) {
                    return value;
                }
                match &**name {
                    "__dict__" => return Value::Dict(class.attributes.clone()),
                    "__members__" if class.members().is_some() => return class.members_dict(),
                    "__module__" => return Value::text(class.place.module.name.as_str()),
                    _ => {}
                }
                self.attribute_outside(object, class, name, place)
            }
            Value::Super(of) => self.super_attribute(of, name, place),
            Value::Function(function) => match &**name {
                "__name__" | "__qualname__" => Value::text(function.name),
                _ => Value::Unknown,
            },
            Value::Builtin(builtin) => match (*builtin, &**name) {
                ("str" | "dict" | "list" | "set", _) | ("object", "__setattr__" | "__init__") => {
                    Value::Method(Rc::new((object.clone(), name.clone())))
                }
                (builtin, "__name__") => Value::text(builtin),
                (builtin, name) => self.term(TermKind::Name(format!("builtins.{builtin}.{name}").into()), place),
            },
            _ if call::is_plain(object) => Value::Method(Rc::new((object.clone(), name.clone()))),
            _ => Value::Unknown,
        }
    }

    /// An attribute that the project does not write: it comes from a base outside of the project, if there is one.
    fn attribute_outside(
        &mut self,
        object: &Value<'a>,
        class: &Rc<Class<'a>>,
        name: &Text<'a>,
        place: Place<'a>,
    ) -> Value<'a> {
        let outside = class.lineage().iter().any(|base| matches!(base, Value::Term(_) | Value::Unknown));
        match outside || !class.decorators.is_empty() {
            true => self.term(TermKind::Attribute(object.clone(), name.clone()), place),
            false => Value::Unknown,
        }
    }

    fn outside_name(&mut self, dotted: &Rc<str>, name: &Text<'a>, place: Place<'a>) -> Value<'a> {
        let key = match name {
            Text::Borrowed(name) => Some((dotted.as_ptr() as usize, *name)),
            Text::Shared(_) => None,
        };
        let known = key.and_then(|key| self.names.get(&key)).map(|(_, outside)| outside.clone());
        let outside = known.unwrap_or_else(|| {
            let longer = format!("{dotted}.{}", &**name);
            let outside = match self.modules.module(&longer) {
                Some(module) => Outside::Module(module),
                None => Outside::Name(longer.into()),
            };
            if let Some(key) = key {
                // the name is kept, so that no other can come to lie where it lies
                self.interpreter.names.insert(key, (dotted.clone(), outside.clone()));
            }
            outside
        });
        match outside {
            Outside::Module(module) => Value::Module(self.lazy_scope(module)),
            Outside::Name(name) => self.term(TermKind::Name(name), place),
        }
    }

    /// An attribute that the project itself gives to an instance or class, methods bound.
    pub(super) fn own_attribute(&mut self, object: &Value<'a>, name: &str) -> Option<Value<'a>> {
        match object {
            Value::Instance(instance) => {
                if let Some(value) = instance.attributes.get_text(name) {
                    return Some(value);
                }
                if instance.attributes.more.get() {
                    return Some(Value::Unknown);
                }
                let value = self.class_attribute(&instance.class, name)?;
                Some(self.bind_method(value, object, &instance.class))
            }
            Value::Class(class) => {
                let value = self.class_attribute(class, name)?;
                if let Value::Term(_) = value
                    && class.attributes.get_text(name).is_none()
                    && self.host.is_copied(&value)
                {
                    let kind = TermKind::Attribute(object.clone(), Text::from(name.to_owned()));
                    return Some(self.term(kind, class.place));
                }
                let Value::Function(function) = &value else { return Some(value) };
                if !function.decorators.is_empty()
                    && let Some(described) = self.host.described(self.interpreter, function, class)
                {
                    return Some(described);
                }
                if function.receiver.is_none() && function.decorators.iter().any(is_class_property) {
                    let getter = match function.role {
                        Role::Static => function.clone(),
                        _ => match function.bound(object.clone()) {
                            Value::Function(getter) => getter,
                            _ => return Some(Value::Unknown),
                        },
                    };
                    return Some(self.enter_function(&getter, Arguments::default(), None).0);
                }
                match function.role == Role::Class && function.receiver.is_none() {
                    true => Some(function.bound(object.clone())),
                    false => Some(value),
                }
            }
            _ => None,
        }
    }

    fn bind_method(&mut self, value: Value<'a>, object: &Value<'a>, class: &Rc<Class<'a>>) -> Value<'a> {
        let Value::Function(function) = &value else { return value };
        if function.receiver.is_some() {
            return value;
        }
        match function.role {
            Role::Static => value,
            Role::Class => function.bound(Value::Class(class.clone())),
            Role::Plain | Role::Manager => function.bound(object.clone()),
            Role::Property => {
                let Value::Function(getter) = function.bound(object.clone()) else { return Value::Unknown };
                let getter: Rc<Function<'a>> = getter;
                self.enter_function(&getter, Arguments::default(), None).0
            }
        }
    }

    /// An attribute in the body of a class or of a base of the project.
    pub(super) fn class_attribute(&self, class: &Rc<Class<'a>>, name: &str) -> Option<Value<'a>> {
        if let Some(value) = class.attributes.get_text(name) {
            return Some(value);
        }
        if let Some(value) = private(class, name) {
            return Some(value);
        }
        if class.bases.is_empty() {
            return None;
        }
        attribute_of(class.lineage().iter().skip(1), name)
    }

    fn super_attribute(&mut self, of: &(Value<'a>, Rc<Class<'a>>), name: &Text<'a>, place: Place<'a>) -> Value<'a> {
        let (object, owner) = of;
        let class = match object {
            Value::Instance(instance) => &instance.class,
            Value::Class(class) => class,
            _ => owner,
        };
        let lineage = class.lineage();
        let own = Value::Class(owner.clone());
        let found = match lineage.iter().position(|base| base.same(&own)) {
            Some(at) => attribute_of(lineage[at + 1..].iter(), name),
            // a metaclass speaks of what it makes
            None => attribute_of(owner.lineage().iter().skip(1), name),
        };
        match found {
            Some(value) => self.bind_method(value, object, class),
            None => match (object, &**name) {
                (Value::Instance(_), "__init__" | "__setattr__") => {
                    Value::Method(Rc::new((Value::Super(Rc::new(of.clone())), name.clone())))
                }
                _ => self.term(TermKind::Attribute(Value::Super(Rc::new(of.clone())), name.clone()), place),
            },
        }
    }

    /// `super()`, with or without arguments.
    pub(super) fn super_object(&mut self, arguments: &Arguments<'a>) -> Value<'a> {
        if let (Some((Value::Class(class), _)), Some((object, _))) =
            (arguments.positional.first(), arguments.positional.get(1))
        {
            return Value::Super(Rc::new((object.clone(), class.clone())));
        }
        match &self.frame().function {
            Some((function, Some(first))) => match function.owner.get() {
                Some(owner) => Value::Super(Rc::new((first.clone(), owner.clone()))),
                None => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }
}

/// A decorator of the project's that is a property which classes have: `class classproperty(property)` with a `__get__` of its own.
fn is_class_property(decorator: &Value<'_>) -> bool {
    let Value::Class(decorator) = decorator else { return false };
    let lineage = decorator.lineage();
    lineage.iter().any(|base| matches!(base, Value::Builtin("property")))
        && matches!(attribute_of(lineage.iter(), "__get__"), Some(Value::Function(_)))
}

/// `_Class__name`: what the body of that class calls `__name`.
fn private<'a>(class: &Rc<Class<'a>>, name: &str) -> Option<Value<'a>> {
    let (owner, inner) = name.strip_prefix('_').filter(|rest| !rest.starts_with('_'))?.split_once("__")?;
    let lineage = class.lineage();
    let owner = lineage.iter().find_map(|base| match base {
        Value::Class(base) if base.name.trim_start_matches('_') == owner => Some(base),
        _ => None,
    })?;
    owner.attributes.get_text(&format!("__{inner}"))
}

pub(super) fn attribute_of<'v, 'a: 'v>(lineage: impl Iterator<Item = &'v Value<'a>>, name: &str) -> Option<Value<'a>> {
    for base in lineage {
        match base {
            Value::Class(base) => {
                if let Some(value) = base.attributes.get_text(name) {
                    return Some(value);
                }
            }
            // a base that is not known may have it
            Value::Unknown => return Some(Value::Unknown),
            _ => {}
        }
    }
    None
}
