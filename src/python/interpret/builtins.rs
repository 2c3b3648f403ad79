//! Python's own functions and types, as far as such code uses them.

use std::cmp::Ordering;
use std::rc::Rc;

use super::Run;
use super::dict::Dict;
use super::format::repr;
use super::operate;
use super::repeat::Iterated;
use super::value::{Arguments, Part, Place, TermKind, Text, Value};

const NAMES: [&str; 46] = [
    "Ellipsis",
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "callable",
    "classmethod",
    "dict",
    "dir",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "id",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "min",
    "next",
    "object",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "zip",
];

pub(super) fn named_static(name: &str) -> Option<&'static str> {
    NAMES.binary_search(&name).ok().map(|at| NAMES[at])
}

/// What Python binds to a name that nothing else binds.
pub(super) fn named<'a>(name: &str) -> Option<Value<'a>> {
    // `typing.TYPE_CHECKING` is imported; under this name nothing else is meant
    named_static(name).map(Value::Builtin)
}

impl<'a> Run<'_, 'a> {
    pub(super) fn call_builtin(&mut self, name: &'static str, arguments: Arguments<'a>, place: Place<'a>) -> Value<'a> {
        let known = match arguments.more {
            true if name != "dict" && name != "print" => None,
            _ => self.known_call(name, &arguments, place),
        };
        let symbolic = !matches!(name, "next" | "iter" | "locals" | "id" | "dir" | "object");
        match known {
            Some(value) => value,
            None if symbolic => self.term(TermKind::Call { callee: Value::Builtin(name), arguments }, place),
            None => Value::Unknown,
        }
    }

    fn known_call(&mut self, name: &'static str, arguments: &Arguments<'a>, place: Place<'a>) -> Option<Value<'a>> {
        let first = arguments.positional.first().map(|(value, _)| value);
        let second = arguments.positional.get(1).map(|(value, _)| value);
        Some(match name {
            "print" => Value::None,
            "super" => self.super_object(arguments),
            "globals" => Value::Module(self.scope().global()),
            "len" => Value::Int(self.length(first?)?),
            "str" => match first {
                None => Value::text(""),
                Some(value) => match self.text_of(value) {
                    Some(text) => Value::Str(text),
                    None if value.is_open() => self.formatted(vec![Part::Hole(value.clone())], place),
                    None => return None,
                },
            },
            "repr" => Value::text(repr(first?, 20)?),
            "int" => match first {
                None => Value::Int(0),
                Some(Value::Str(text)) => Value::Int(text.trim().parse().ok()?),
                Some(Value::Float(value)) if value.abs() < 1e15 => Value::Int(*value as i64),
                Some(value) => Value::Int(value.to_int()?),
            },
            "float" => match first? {
                Value::Str(text) => Value::Float(text.trim().parse().ok()?),
                value => Value::Float(value.to_float()?),
            },
            "bool" => Value::Bool(first.map_or(Some(false), Value::truth)?),
            "abs" => match first? {
                Value::Int(value) => Value::Int(value.checked_abs()?),
                Value::Float(value) => Value::Float(value.abs()),
                _ => return None,
            },
            "round" => match (first?, second) {
                (Value::Int(value), _) => Value::Int(*value),
                _ => return None,
            },
            "range" => self.range(arguments)?,
            "list" | "iter" => self.list_of(first)?,
            "tuple" => {
                let iterated = first.map_or_else(none, |first| self.iterate(first))?;
                match iterated.more {
                    true => Value::open_list(iterated.values),
                    false => Value::tuple(iterated.values),
                }
            }
            "set" | "frozenset" => {
                let iterated = first.map_or_else(none, |first| self.iterate(first))?;
                self.set_of(iterated.values, iterated.more)
            }
            "dict" => self.dict_of(arguments)?,
            "enumerate" => {
                let iterated = self.iterate(first?)?;
                let start = arguments.get(1, "start").map_or(Some(0), |start| start.to_int())?;
                let pair = |(at, value)| Value::tuple(vec![Value::Int(start.saturating_add(at as i64)), value]);
                self.list_from(Iterated {
                    values: iterated.values.into_iter().enumerate().map(pair).collect(),
                    more: iterated.more,
                })
            }
            "zip" => self.zip(arguments)?,
            "reversed" => {
                let mut iterated = self.iterate(first?).filter(|iterated| !iterated.more)?;
                iterated.values.reverse();
                self.list_from(iterated)
            }
            "sorted" => {
                let iterated = self.iterate(first?).filter(|iterated| !iterated.more)?;
                let sorted = self.sorted(iterated.values, arguments, place)?;
                Value::list(sorted)
            }
            "min" | "max" => {
                let mut values = match arguments.positional.len() {
                    1 => self.iterate(first?).filter(|iterated| !iterated.more)?.values,
                    _ => arguments.positional.iter().map(|(value, _)| value.clone()).collect(),
                };
                if values.is_empty() {
                    return arguments.keyword("default");
                }
                values = self.sorted(values, &Arguments { positional: Vec::new(), ..arguments.clone() }, place)?;
                let at = if name == "min" { 0 } else { values.len() - 1 };
                values.swap_remove(at)
            }
            "sum" => {
                let iterated = self.iterate(first?).filter(|iterated| !iterated.more)?;
                let start = second.cloned().unwrap_or(Value::Int(0));
                iterated
                    .values
                    .into_iter()
                    .fold(start, |sum, value| self.binary(super::Operator::Add, sum, value, place))
            }
            "any" | "all" => {
                let decides = name == "any";
                let iterated = self.iterate(first?)?;
                let mut open = iterated.more;
                for value in &iterated.values {
                    match value.truth() {
                        Some(truth) if truth == decides => return Some(Value::Bool(decides)),
                        Some(_) => {}
                        None => open = true,
                    }
                }
                match open {
                    true => return None,
                    false => Value::Bool(!decides),
                }
            }
            "map" => {
                let [(function, _), (iterable, _)] = arguments.positional.as_slice() else { return None };
                let iterated = self.iterate(iterable)?;
                let call = |value| self.call(function, Arguments::of([value]), place);
                let values = iterated.values.into_iter().map(call).collect();
                self.list_from(Iterated { values, more: iterated.more })
            }
            "filter" => {
                let iterated = self.iterate(second?)?;
                let mut values = Vec::new();
                for value in iterated.values {
                    let kept = match first? {
                        Value::None => value.truth(),
                        function => self.call(function, Arguments::of([value.clone()]), place).truth(),
                    };
                    match kept {
                        Some(true) => values.push(value),
                        Some(false) => {}
                        None => return Some(Value::open_list(values)),
                    }
                }
                self.list_from(Iterated { values, more: iterated.more })
            }
            "next" => {
                let iterated = self.iterate(first?)?;
                match iterated.values.into_iter().next() {
                    Some(value) => value,
                    None if !iterated.more => second.cloned()?,
                    None => return None,
                }
            }
            "getattr" => {
                let name = second?.to_text()?;
                let value = self.attribute(first?, &name, place);
                match (value, arguments.positional.get(2)) {
                    (Value::Unknown, Some((default, _))) if self.lacks(first?, &name) => default.clone(),
                    (value, _) => value,
                }
            }
            "hasattr" => {
                let (object, name) = (first?, second?.to_text()?);
                match object {
                    Value::Instance(_) | Value::Class(_) if self.own_attribute(object, &name).is_some() => {
                        Value::Bool(true)
                    }
                    _ if self.lacks(object, &name) => Value::Bool(false),
                    _ => return None,
                }
            }
            "setattr" => {
                let name = second?.to_text()?;
                let value = arguments.positional.get(2).map(|(value, _)| value.clone())?;
                self.set_attribute(first?, name, value);
                Value::None
            }
            "isinstance" => Value::Bool(is_instance(first?, second?)?),
            "issubclass" => Value::Bool(is_subclass(first?, second?)?),
            "callable" => match first? {
                Value::Function(_) | Value::Builtin(_) | Value::Class(_) | Value::Method(_) => Value::Bool(true),
                value if super::call::is_plain(value) => Value::Bool(false),
                _ => return None,
            },
            "type" => match arguments.positional.as_slice() {
                [(Value::Instance(instance), _)] => Value::Class(instance.class.clone()),
                [(value, _)] => Value::Builtin(type_name(value)?),
                [(name, _), (Value::Tuple(bases), _), (Value::Dict(attributes), _)] => {
                    let name = name.to_text()?;
                    let (bases, attributes) = (bases.to_vec(), attributes.clone());
                    self.class_of(name, bases, &attributes, place)
                }
                _ => return None,
            },
            "dir" => match first? {
                Value::Class(class) => {
                    let mut names = class.names();
                    names.sort_unstable();
                    names.dedup();
                    Value::list(names.into_iter().map(Value::text).collect())
                }
                _ => return None,
            },
            "bytes" | "id" | "locals" | "object" | "property" | "staticmethod" | "classmethod" | "Ellipsis" => {
                return None;
            }
            _ => return None,
        })
    }

    /// Whether something certainly has no such attribute.
    fn lacks(&mut self, object: &Value<'a>, name: &Text<'a>) -> bool {
        match object {
            Value::Module(scope) => {
                let scope = scope.clone();
                !scope.any_name.get() && self.member_of_module(&scope, name).is_none()
            }
            Value::Instance(_) | Value::Class(_) => {
                let class = match object {
                    Value::Instance(instance) => &instance.class,
                    Value::Class(class) => class,
                    _ => return false,
                };
                let known = |base: &Value<'a>| matches!(base, Value::Class(_) | Value::Builtin("object"));
                class.lineage().iter().all(known)
                    && class.decorators.is_empty()
                    && self.own_attribute(object, name).is_none()
                    && (matches!(object, Value::Class(_)) || self.own_attribute(object, "__getattr__").is_none())
                    && class.keywords.is_empty()
            }
            _ => false,
        }
    }

    fn length(&mut self, value: &Value<'a>) -> Option<i64> {
        let count = match value {
            Value::Str(text) => text.chars().count(),
            Value::Bytes(bytes) => bytes.len(),
            Value::List(items) if !items.more.get() => items.values.borrow().len(),
            Value::Tuple(values) => values.len(),
            Value::Set(dict) | Value::Dict(dict) if !dict.more.get() => dict.len(),
            Value::Class(class) => class.members()?.iter().filter(|member| !member.alias).count(),
            _ => return None,
        };
        i64::try_from(count).ok()
    }

    fn range(&mut self, arguments: &Arguments<'a>) -> Option<Value<'a>> {
        let numbers: Vec<i64> = arguments.positional.iter().map(|(value, _)| value.to_int()).collect::<Option<_>>()?;
        let (start, stop, step) = match numbers.as_slice() {
            [stop] => (0, *stop, 1),
            [start, stop] => (*start, *stop, 1),
            [start, stop, step] if *step != 0 => (*start, *stop, *step),
            _ => return None,
        };
        let (mut res, mut at) = (Vec::new(), start);
        while (step > 0 && at < stop) || (step < 0 && at > stop) {
            if res.len() >= self.limits.items {
                return Some(Value::open_list(res));
            }
            res.push(Value::Int(at));
            at = at.checked_add(step)?;
        }
        self.spend(res.len() / 16);
        Some(Value::list(res))
    }

    fn zip(&mut self, arguments: &Arguments<'a>) -> Option<Value<'a>> {
        let columns: Vec<Iterated<'a>> =
            arguments.positional.iter().map(|(value, _)| self.iterate(value)).collect::<Option<_>>()?;
        let shortest = columns.iter().map(|column| column.values.len()).min().unwrap_or(0);
        let more = !columns.is_empty()
            && columns.iter().all(|column| column.more || column.values.len() > shortest)
            && columns.iter().any(|column| column.more);
        let rows = (0..shortest)
            .map(|at| Value::tuple(columns.iter().filter_map(|column| column.values.get(at).cloned()).collect()))
            .collect();
        Some(self.list_from(Iterated { values: rows, more }))
    }

    /// Sorted as `key=` and `reverse=` say.
    pub(super) fn sorted(
        &mut self,
        values: Vec<Value<'a>>,
        arguments: &Arguments<'a>,
        place: Place<'a>,
    ) -> Option<Vec<Value<'a>>> {
        let reverse = arguments.keyword("reverse").map_or(Some(false), |reverse| reverse.truth())?;
        let mut keyed = Vec::with_capacity(values.len());
        let key = arguments.keyword("key").filter(|key| !matches!(key, Value::None));
        for value in values {
            let sort_by = match &key {
                Some(key) => self.call(key, Arguments::of([value.clone()]), place),
                None => value.clone(),
            };
            keyed.push((sort_by, value));
        }
        self.spend(keyed.len());
        if keyed.len() < 2 {
            return Some(keyed.into_iter().map(|(_, value)| value).collect());
        }
        // all must be comparable with each other: a sort that is told otherwise may panic
        let kinds: Vec<u8> = keyed.iter().map(|(key, _)| sort_kind(key)).collect::<Option<_>>()?;
        if kinds.windows(2).any(|pair| pair[0] != pair[1]) {
            return None;
        }
        if kinds[0] == TUPLES && keyed.iter().any(|(key, _)| keyed[0].0.order(key).is_none()) {
            return None;
        }
        let mut unknown = false;
        // insertion by hand: comparisons of odd values need not be an order
        let mut sorted: Vec<(Value<'a>, Value<'a>)> = Vec::with_capacity(keyed.len());
        for entry in keyed {
            let at = sorted.partition_point(|(known, _)| match known.order(&entry.0) {
                Some(Ordering::Less) => !reverse,
                Some(Ordering::Greater) => reverse,
                Some(Ordering::Equal) => true,
                None => {
                    unknown = true;
                    true
                }
            });
            sorted.insert(at, entry);
        }
        (!unknown).then(|| sorted.into_iter().map(|(_, value)| value).collect())
    }

    pub(super) fn list_of(&mut self, value: Option<&Value<'a>>) -> Option<Value<'a>> {
        let iterated = value.map_or_else(none, |value| self.iterate(value))?;
        Some(self.list_from(iterated))
    }

    pub(super) fn list_from(&mut self, iterated: Iterated<'a>) -> Value<'a> {
        match iterated.more {
            true => Value::open_list(iterated.values),
            false => Value::list(iterated.values),
        }
    }

    fn dict_of(&mut self, arguments: &Arguments<'a>) -> Option<Value<'a>> {
        let dict = match arguments.positional.first().map(|(value, _)| value) {
            None => Dict::default(),
            Some(Value::Dict(dict)) => operate::copy(dict),
            Some(pairs) => {
                let dict = Dict::default();
                let iterated = self.iterate(pairs)?;
                for pair in iterated.values {
                    let pair = self.iterate(&pair)?.values;
                    let [key, value] = pair.as_slice() else { return None };
                    dict.insert(key.clone(), value.clone());
                }
                dict.more.set(iterated.more);
                dict
            }
        };
        for (name, value, _) in &arguments.keywords {
            dict.insert_text(name.clone(), value.clone());
        }
        if arguments.more {
            self.open(&dict);
        }
        Some(Value::Dict(dict.into()))
    }
}

fn none<'a>() -> Option<Iterated<'a>> {
    Some(Iterated { values: Vec::new(), more: false })
}

const TUPLES: u8 = 2;

fn sort_kind(value: &Value<'_>) -> Option<u8> {
    match value {
        Value::Str(_) => Some(0),
        Value::Int(_) | Value::Bool(_) | Value::Float(_) => Some(1),
        Value::Tuple(_) | Value::List(_) => Some(TUPLES),
        value => value.plain().and_then(|plain| sort_kind(&plain)),
    }
}

fn type_name(value: &Value<'_>) -> Option<&'static str> {
    Some(match value {
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Float(_) => "float",
        Value::Str(_) => "str",
        Value::Bytes(_) => "bytes",
        Value::List(_) => "list",
        Value::Tuple(_) => "tuple",
        Value::Set(_) => "set",
        Value::Dict(_) => "dict",
        Value::Class(_) | Value::Builtin(_) => "type",
        _ => return None,
    })
}

fn is_instance<'a>(value: &Value<'a>, of: &Value<'a>) -> Option<bool> {
    match of {
        Value::Tuple(types) => {
            let mut res = Some(false);
            for one in types.iter() {
                match is_instance(value, one) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => res = None,
                }
            }
            res
        }
        Value::Builtin(name) => match value {
            Value::Instance(instance) => {
                let named = Value::Builtin(name);
                let lineage = instance.class.lineage();
                if lineage.iter().any(|base| base.same(&named)) {
                    return Some(true);
                }
                if value.plain().is_some_and(|plain| is_instance(&plain, of) == Some(true)) {
                    return Some(true);
                }
                lineage
                    .iter()
                    .all(|base| matches!(base, Value::Class(_) | Value::Builtin(_)))
                    .then_some(*name == "object")
            }
            Value::None => Some(*name == "object"),
            Value::Function(_) | Value::Module(_) => Some(*name == "object"),
            Value::Term(term) => match &term.kind {
                TermKind::Format(_) => Some(*name == "str"),
                TermKind::Call { callee, .. } if is_table_part(callee) => Some(*name == "object"),
                _ => None,
            },
            value => {
                let own = type_name(value)?;
                Some(own == *name || *name == "object" || (own == "bool" && *name == "int"))
            }
        },
        Value::Class(_) => match value {
            Value::Instance(instance) => is_subclass(&Value::Class(instance.class.clone()), of),
            Value::Unknown | Value::Term(_) | Value::Manager(_) => None,
            _ => Some(false),
        },
        // a plain value is no instance of a library's class, abstract ones aside
        Value::Term(_) => match (value, of.as_name()) {
            (Value::Class(_) | Value::Instance(_) | Value::Term(_) | Value::Unknown, _) => None,
            (_, Some(name)) if name.starts_with("sqlalchemy.") => Some(false),
            (_, Some("enum.Enum")) => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// `CheckConstraint`, `Index` and their like, whose objects are no dictionaries: what puts `__table_args__` together asks.
fn is_table_part(callee: &Value<'_>) -> bool {
    let name: &str = match callee.as_term().map(|term| &term.kind) {
        Some(TermKind::Name(path)) => path.rsplit('.').next().unwrap_or(path),
        Some(TermKind::Attribute(_, name)) => name,
        _ => return false,
    };
    name.ends_with("Constraint") || matches!(name, "Column" | "ForeignKey" | "Index")
}

fn is_subclass<'a>(class: &Value<'a>, of: &Value<'a>) -> Option<bool> {
    let Value::Class(own) = class else { return None };
    let lineage: Vec<Value<'a>> = Rc::clone(own).lineage();
    if lineage.iter().any(|base| base.same(of)) {
        return Some(true);
    }
    let known = matches!(of, Value::Class(_)) && !lineage.iter().any(Value::is_unknown);
    known.then_some(false)
}
