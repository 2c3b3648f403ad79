//! Methods of lists, dictionaries, sets and tuples.

use std::rc::Rc;

use super::Run;
use super::dict::{Dict, Key};
use super::operate;
use super::value::{Arguments, Items, Place, TermKind, Value};

impl<'a> Run<'_, 'a> {
    /// `object.name(…)` of a plain value.
    pub(super) fn call_method(
        &mut self,
        object: &Value<'a>,
        name: &str,
        arguments: Arguments<'a>,
        place: Place<'a>,
    ) -> Value<'a> {
        if !self.spend(1) {
            return Value::Unknown;
        }
        match object {
            Value::Str(text) => self.text_method(text.clone(), name, arguments, place),
            Value::Term(term) if matches!(term.kind, TermKind::Format(_)) => {
                self.format_method(object, name, arguments, place)
            }
            Value::List(items) => self.list_method(&items.clone(), name, &arguments, place),
            Value::Dict(dict) => self.dict_method(&dict.clone(), name, &arguments),
            Value::Set(dict) => self.set_method(&dict.clone(), name, &arguments),
            Value::Tuple(values) => match (name, arguments.positional.first()) {
                ("index", Some((value, _))) => index_of(values, value),
                ("count", Some((value, _))) => count_of(values, value),
                _ => Value::Unknown,
            },
            Value::Super(of) if name == "__init__" => {
                if let Value::Instance(instance) = &of.0 {
                    *instance.outer_arguments.borrow_mut() = Some(arguments);
                }
                Value::None
            }
            Value::Super(of) if name == "__setattr__" => {
                if let [(Value::Str(name), _), (value, _)] = arguments.positional.as_slice() {
                    self.set_attribute(&of.0, name.clone(), value.clone());
                }
                Value::None
            }
            Value::Builtin("object") => {
                if let [(object, _), (Value::Str(name), _), (value, _)] = arguments.positional.as_slice() {
                    self.set_attribute(object, name.clone(), value.clone());
                }
                Value::None
            }
            Value::Builtin(builtin) => self.type_method(builtin, name, arguments, place),
            Value::Bytes(bytes) if name == "decode" => match std::str::from_utf8(bytes) {
                Ok(text) => self.new_text(text.to_owned()),
                Err(_) => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// `str.lower(text)`, `dict.fromkeys(…)`
    fn type_method(
        &mut self,
        builtin: &'static str,
        name: &str,
        mut arguments: Arguments<'a>,
        place: Place<'a>,
    ) -> Value<'a> {
        if (builtin, name) == ("dict", "fromkeys") {
            let value = arguments.get(1, "value").unwrap_or(Value::None);
            let keys = arguments.positional.first().and_then(|(keys, _)| self.iterate(keys));
            let Some(keys) = keys else { return Value::Unknown };
            let dict = Dict::default();
            keys.values.into_iter().for_each(|key| dict.insert(key, value.clone()));
            dict.more.set(keys.more);
            return Value::Dict(dict.into());
        }
        if arguments.positional.is_empty() {
            return Value::Unknown;
        }
        let (object, _) = arguments.positional.remove(0);
        match super::call::is_plain(&object) {
            true => self.call_method(&object, name, arguments, place),
            false => {
                let method = Value::Method(Rc::new((object, super::Text::from(name.to_owned()))));
                self.term(TermKind::Call { callee: method, arguments }, place)
            }
        }
    }

    fn list_method(
        &mut self,
        items: &Rc<Items<'a>>,
        name: &str,
        arguments: &Arguments<'a>,
        place: Place<'a>,
    ) -> Value<'a> {
        let first = arguments.positional.first().map(|(value, _)| value.clone());
        match (name, first) {
            ("append", Some(value)) => {
                self.touch_items(items);
                if !items.more.get() {
                    items.values.borrow_mut().push(value);
                }
                let length = items.values.borrow().len();
                if length > self.limits.items {
                    self.exhaust();
                }
            }
            ("extend", Some(value)) => self.extend(items, &value),
            ("insert", Some(at)) => {
                let value = arguments.positional.get(1).map_or(Value::Unknown, |(value, _)| value.clone());
                self.touch_items(items);
                let mut values = items.values.borrow_mut();
                let count = values.len() as i64;
                match at.to_int() {
                    Some(at) if !items.more.get() || (0..=count).contains(&at) => {
                        let at = if at < 0 { at.saturating_add(count) } else { at };
                        values.insert(at.clamp(0, count) as usize, value);
                    }
                    _ => {
                        values.clear();
                        items.more.set(true);
                    }
                }
                let length = values.len();
                drop(values);
                self.spend(length / 64);
                if length > self.limits.items {
                    self.exhaust();
                }
            }
            ("pop", first) => {
                self.touch_items(items);
                let known = !items.more.get();
                let mut values = items.values.borrow_mut();
                let count = values.len() as i64;
                let at = first.map_or(Some(-1), |at| at.to_int());
                let at = at.map(|at| if at < 0 { at.saturating_add(count) } else { at });
                match at.and_then(|at| usize::try_from(at).ok()).filter(|at| known && *at < values.len()) {
                    Some(at) => return values.remove(at),
                    None => {
                        values.clear();
                        items.more.set(true);
                        return Value::Unknown;
                    }
                }
            }
            ("remove", Some(value)) => {
                self.touch_items(items);
                let at = index_of(&items.values.borrow(), &value);
                match at.to_int().and_then(|at| usize::try_from(at).ok()) {
                    Some(at) => drop(items.values.borrow_mut().remove(at)),
                    None => self.forget_items(items),
                }
            }
            ("clear", _) => {
                self.touch_items(items);
                items.values.borrow_mut().clear();
                items.more.set(false);
            }
            ("reverse", _) if !items.more.get() => {
                self.touch_items(items);
                items.values.borrow_mut().reverse();
            }
            ("sort", _) if !items.more.get() => {
                self.touch_items(items);
                let values = items.values.borrow().clone();
                match self.sorted(values, arguments, place) {
                    Some(sorted) => drop(items.values.replace(sorted)),
                    None => self.forget_items(items),
                }
            }
            ("sort" | "reverse", _) => {
                self.touch_items(items);
                self.forget_items(items);
            }
            ("copy", _) => {
                let values = items.values.borrow().clone();
                return if items.more.get() { Value::open_list(values) } else { Value::list(values) };
            }
            ("index", Some(value)) => return index_of(&items.values.borrow(), &value),
            ("count", Some(value)) if !items.more.get() => return count_of(&items.values.borrow(), &value),
            _ => return Value::Unknown,
        }
        Value::None
    }

    fn forget_items(&mut self, items: &Rc<Items<'a>>) {
        items.values.borrow_mut().clear();
        items.more.set(true);
    }

    /// `list += value`
    pub(super) fn extend(&mut self, items: &Rc<Items<'a>>, value: &Value<'a>) {
        let iterated = self.iterate(value);
        self.touch_items(items);
        if items.more.get() {
            return;
        }
        let more = iterated.as_ref().is_none_or(|iterated| iterated.more);
        let mut values = items.values.borrow_mut();
        values.extend(iterated.map(|iterated| iterated.values).unwrap_or_default());
        items.more.set(more);
        let length = values.len();
        drop(values);
        if length > self.limits.items {
            self.exhaust();
        }
    }

    fn dict_method(&mut self, dict: &Rc<Dict<'a>>, name: &str, arguments: &Arguments<'a>) -> Value<'a> {
        let first = arguments.positional.first().map(|(value, _)| value.clone());
        let default = |otherwise| arguments.get(1, "default").unwrap_or(otherwise);
        let listed = |values: Vec<Value<'a>>| match dict.more.get() {
            true => Value::open_list(values),
            false => Value::list(values),
        };
        match (name, first) {
            ("get", Some(key)) => match dict.get(&key) {
                Some(value) => value,
                None if !is_surely_absent(dict, &key) => Value::Unknown,
                None => default(Value::None),
            },
            ("items", _) => {
                let pairs = dict.items().into_iter().map(|(key, value)| Value::tuple(vec![key, value])).collect();
                self.spend(dict.len() / 8);
                listed(pairs)
            }
            ("keys", _) => listed(dict.keys()),
            ("values", _) => listed(dict.values()),
            ("copy", _) => Value::Dict(operate::copy(dict).into()),
            ("update", first) => {
                self.touch_dict(dict);
                match first {
                    Some(value @ Value::Dict(_)) => self.merge(dict, &value),
                    Some(value) => match self.call_builtin("dict", Arguments::of([value.clone()]), dummy(self)) {
                        made @ Value::Dict(_) => self.merge(dict, &made),
                        _ => self.open(dict),
                    },
                    None => {}
                }
                for (name, value, _) in &arguments.keywords {
                    dict.insert_text(name.clone(), value.clone());
                }
                if arguments.more {
                    self.open(dict);
                }
                Value::None
            }
            ("setdefault", Some(key)) => match dict.get(&key) {
                Some(value) => value,
                None if is_surely_absent(dict, &key) => {
                    self.touch_dict(dict);
                    let value = default(Value::None);
                    dict.insert(key, value.clone());
                    value
                }
                None => {
                    self.touch_dict(dict);
                    self.open(dict);
                    Value::Unknown
                }
            },
            ("pop", Some(key)) => {
                self.touch_dict(dict);
                match dict.remove(&key) {
                    Some(value) => value,
                    None if is_surely_absent(dict, &key) => default(Value::Unknown),
                    None => {
                        if key.is_open() {
                            self.open(dict);
                        }
                        Value::Unknown
                    }
                }
            }
            ("clear", _) => {
                self.touch_dict(dict);
                dict.pairs.take();
                dict.more.set(false);
                Value::None
            }
            ("popitem", _) => {
                self.touch_dict(dict);
                self.open(dict);
                Value::Unknown
            }
            _ => Value::Unknown,
        }
    }

    fn set_method(&mut self, dict: &Rc<Dict<'a>>, name: &str, arguments: &Arguments<'a>) -> Value<'a> {
        use super::Operator;
        let first = arguments.positional.first().map(|(value, _)| value.clone());
        match (name, first) {
            ("add", Some(value)) => {
                self.touch_dict(dict);
                dict.insert(value, Value::None);
                if dict.len() > self.limits.items {
                    self.exhaust();
                }
                Value::None
            }
            ("discard" | "remove", Some(value)) => {
                self.touch_dict(dict);
                if dict.remove(&value).is_none() && !is_surely_absent(dict, &value) {
                    dict.pairs.take();
                    dict.more.set(true);
                }
                Value::None
            }
            ("update", _) => {
                for (value, _) in &arguments.positional {
                    self.add_all(dict, value);
                }
                Value::None
            }
            ("copy", _) => Value::Set(operate::copy(dict).into()),
            ("clear", _) => {
                self.touch_dict(dict);
                dict.pairs.take();
                dict.more.set(false);
                Value::None
            }
            ("union" | "difference" | "intersection" | "symmetric_difference", Some(other)) => {
                let op = match name {
                    "union" => Operator::BitOr,
                    "difference" => Operator::Sub,
                    "intersection" => Operator::BitAnd,
                    _ => Operator::BitXor,
                };
                let other = match self.iterate(&other) {
                    Some(iterated) => self.set_of(iterated.values, iterated.more),
                    None => self.set_of(Vec::new(), true),
                };
                let Value::Set(other) = other else { return Value::Unknown };
                self.set_operation(op, dict, &other).unwrap_or(Value::Unknown)
            }
            _ => Value::Unknown,
        }
    }

    pub(super) fn add_all(&mut self, dict: &Rc<Dict<'a>>, value: &Value<'a>) {
        let iterated = self.iterate(value);
        self.touch_dict(dict);
        let more = iterated.as_ref().is_none_or(|iterated| iterated.more);
        for value in iterated.map(|iterated| iterated.values).unwrap_or_default() {
            dict.insert(value, Value::None);
        }
        if more {
            dict.more.set(true);
        }
        if dict.len() > self.limits.items {
            self.exhaust();
        }
    }
}

/// A place for what is written nowhere.
fn dummy<'a>(run: &Run<'_, 'a>) -> Place<'a> {
    Place { module: run.scope().module, span: Default::default() }
}

fn is_surely_absent<'a>(dict: &Dict<'a>, key: &Value<'a>) -> bool {
    let plain = matches!(Key::of(key), Some(key) if !matches!(key, Key::Object(_)));
    !dict.more.get() && plain && dict.get(key).is_none()
}

fn index_of<'a>(values: &[Value<'a>], value: &Value<'a>) -> Value<'a> {
    for (at, item) in values.iter().enumerate() {
        match item.equal(value) {
            Some(true) => return Value::Int(at as i64),
            Some(false) => {}
            None => return Value::Unknown,
        }
    }
    Value::Unknown
}

fn count_of<'a>(values: &[Value<'a>], value: &Value<'a>) -> Value<'a> {
    let mut count = 0;
    for item in values {
        match item.equal(value) {
            Some(true) => count += 1,
            Some(false) => {}
            None => return Value::Unknown,
        }
    }
    Value::Int(count)
}
