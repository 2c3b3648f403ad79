//! Enumerations of the project: their members, as Python's `enum` makes them.

use std::cell::RefCell;
use std::rc::Rc;

use super::Run;
use super::dict::Dict;
use super::value::{Arguments, Class, Instance, Member, TermKind, Text, Value};

impl<'a> Run<'_, 'a> {
    /// Turns what the body of an enumeration assigns into members.
    pub(super) fn enumerate(&mut self, class: &Rc<Class<'a>>) {
        if !class.is_enumeration() {
            return;
        }
        let is_text = class.is_text_enumeration();
        let mut members: Vec<Member<'a>> = Vec::new();
        let mut last = 0i64;
        let ignored = self.ignored(class);
        for (name, written) in class.attributes.items() {
            let Value::Str(name) = name else { continue };
            let is_member = match &written {
                Value::Function(_) | Value::Class(_) | Value::Builtin(_) | Value::Method(_) => false,
                _ => !name.starts_with('_') && !ignored.contains(&name),
            };
            if !is_member {
                continue;
            }
            let value = match &written {
                value if is_auto(value) && is_text => Value::text(name.to_lowercase()),
                value if is_auto(value) => match self.class_attribute(class, "_generate_next_value_") {
                    Some(Value::Function(function)) => {
                        let count = Value::Int(members.len() as i64);
                        let values = members.iter().map(|member| member.value.clone()).collect();
                        let given = [Value::Str(name.clone()), Value::Int(1), count, Value::list(values)];
                        self.enter_function(&function, Arguments::of(given), None).0
                    }
                    _ => Value::Int(last.saturating_add(1)),
                },
                value => value.clone(),
            };
            if let Value::Int(value) = value {
                last = last.max(value);
            }
            let known = members.iter().find(|member| member.value.equal(&value) == Some(true));
            let (alias, instance) = match known {
                Some(known) => (true, known.instance.clone()),
                None => {
                    let place = class.place;
                    let instance = Rc::new(Instance {
                        class: class.clone(),
                        arguments: Arguments::of([value.clone()]),
                        outer_arguments: RefCell::new(None),
                        attributes: Rc::new(Dict::default()),
                        place,
                    });
                    for (key, value) in [
                        ("name", Value::Str(name.clone())),
                        ("_name_", Value::Str(name.clone())),
                        ("value", value.clone()),
                        ("_value_", value.clone()),
                    ] {
                        instance.attributes.insert_text(key.into(), value);
                    }
                    (false, Value::Instance(instance))
                }
            };
            class.attributes.insert_text(name.clone(), instance.clone());
            members.push(Member { name, value, alias, instance });
        }
        let made: Vec<(Value<'a>, Value<'a>)> = members
            .iter()
            .filter(|member| !member.alias)
            .map(|member| (member.instance.clone(), member.value.clone()))
            .collect();
        let _ = class.members.set(members);
        // a constructor of the enumeration's own is given the value, a tuple spread out
        if let Some(Value::Function(init)) = self.class_attribute(class, "__init__") {
            for (instance, value) in made {
                let Value::Function(init) = init.bound(instance) else { continue };
                let arguments = match value {
                    Value::Tuple(values) => Arguments::of(values.iter().cloned()),
                    value => Arguments::of([value]),
                };
                self.enter_function(&init, arguments, None);
            }
        }
    }
}

impl<'a> Run<'_, 'a> {
    /// The names that `_ignore_` keeps from being members: a list, or words in one text.
    fn ignored(&mut self, class: &Rc<Class<'a>>) -> Vec<Text<'a>> {
        match class.attributes.get_text("_ignore_") {
            None => Vec::new(),
            Some(Value::Str(words)) => {
                let words = words.split([',', ' ']).filter(|word| !word.is_empty());
                words.map(|word| Text::from(word.to_owned())).collect()
            }
            Some(names) => {
                let names = self.iterate(&names).map(|names| names.values).unwrap_or_default();
                names.iter().filter_map(Value::to_text).collect()
            }
        }
    }
}

fn is_auto(value: &Value<'_>) -> bool {
    match value {
        Value::Term(term) => {
            matches!(&term.kind, TermKind::Call { callee, .. } if callee.as_name() == Some("enum.auto"))
        }
        _ => false,
    }
}

impl<'a> Class<'a> {
    fn has_base(self: &Rc<Self>, is_it: impl Fn(&Value<'a>) -> bool) -> bool {
        self.lineage().iter().any(is_it)
    }

    fn is_enumeration(self: &Rc<Self>) -> bool {
        let names = ["enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag", "strenum.StrEnum"];
        self.has_base(|base| {
            base.as_name().is_some_and(|name| names.contains(&name) || name == "backports.strenum.StrEnum")
        })
    }

    /// A `StrEnum`: `str(member)` is the value.
    pub(super) fn is_text_enumeration(self: &Rc<Self>) -> bool {
        self.has_base(|base| base.as_name().is_some_and(|name| name.ends_with(".StrEnum")))
    }

    /// Members are text or numbers at the same time.
    pub(super) fn has_plain_members(self: &Rc<Self>) -> bool {
        self.has_base(|base| match base {
            Value::Builtin(name) => matches!(*name, "str" | "int" | "float"),
            base => base
                .as_name()
                .is_some_and(|name| name.ends_with(".StrEnum") || name == "enum.IntEnum" || name == "enum.IntFlag"),
        })
    }

    /// `__members__`: aliases too.
    pub(super) fn members_dict(&self) -> Value<'a> {
        let dict = Dict::default();
        for member in self.members().unwrap_or_default() {
            dict.insert_text(member.name.clone(), member.instance.clone());
        }
        Value::Dict(dict.into())
    }
}
