//! Dictionaries and sets: values by key, in the order in which they came.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::value::{TermKind, Text, Value};

/// A dictionary. It is shared and may hold itself.
#[derive(Default)]
pub struct Dict<'a> {
    pub(super) pairs: RefCell<Pairs<'a>>,
    /// Other keys that are not known may be there.
    pub more: Cell<bool>,
    pub(super) stamp: Cell<u32>,
}

impl<'a> Dict<'a> {
    pub fn len(&self) -> usize {
        self.pairs.borrow().entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, key: &Value<'a>) -> Option<Value<'a>> {
        self.pairs.borrow().get(&Key::of(key)?).cloned()
    }

    pub fn get_text(&self, key: &str) -> Option<Value<'a>> {
        self.pairs.borrow().get_text(key).cloned()
    }

    pub fn keys(&self) -> Vec<Value<'a>> {
        self.pairs.borrow().entries.iter().map(|entry| entry.name.clone()).collect()
    }

    pub fn values(&self) -> Vec<Value<'a>> {
        self.pairs.borrow().entries.iter().map(|entry| entry.value.clone()).collect()
    }

    pub fn items(&self) -> Vec<(Value<'a>, Value<'a>)> {
        self.pairs.borrow().entries.iter().map(|entry| (entry.name.clone(), entry.value.clone())).collect()
    }

    /// Makes room for that many more.
    pub(super) fn reserve(&self, additional: usize) {
        self.pairs.borrow_mut().entries.reserve_exact(additional);
    }

    /// A key that is not known leaves the dictionary open.
    pub(super) fn insert(&self, name: Value<'a>, value: Value<'a>) {
        match Key::of(&name) {
            Some(key) => self.pairs.borrow_mut().insert(key, name, value),
            None => self.more.set(true),
        }
    }

    pub(super) fn insert_text(&self, name: Text<'a>, value: Value<'a>) {
        self.insert(Value::Str(name), value);
    }

    pub(super) fn remove(&self, name: &Value<'a>) -> Option<Value<'a>> {
        self.pairs.borrow_mut().remove(&Key::of(name)?)
    }
}

#[derive(Clone, Default)]
pub(super) struct Pairs<'a> {
    pub entries: Vec<Entry<'a>>,
    /// Where each key is; only filled when there are many.
    index: HashMap<Key<'a>, usize>,
}

#[derive(Clone)]
pub(super) struct Entry<'a> {
    pub key: Key<'a>,
    pub name: Value<'a>,
    pub value: Value<'a>,
}

impl<'a> Pairs<'a> {
    const FEW: usize = 32;

    pub fn get(&self, key: &Key<'a>) -> Option<&Value<'a>> {
        self.position(key).map(|at| &self.entries[at].value)
    }

    fn get_text(&self, text: &str) -> Option<&Value<'a>> {
        if self.index.is_empty() {
            let is_it = |entry: &&Entry<'a>| matches!(&entry.key, Key::Text(key) if **key == *text);
            return self.entries.iter().find(is_it).map(|entry| &entry.value);
        }
        self.get(&Key::Text(Text::Shared(text.into())))
    }

    fn position(&self, key: &Key<'a>) -> Option<usize> {
        match self.index.is_empty() {
            true => self.entries.iter().position(|entry| entry.key == *key),
            false => self.index.get(key).copied(),
        }
    }

    pub fn insert(&mut self, key: Key<'a>, name: Value<'a>, value: Value<'a>) {
        if let Some(at) = self.position(&key) {
            self.entries[at].value = value;
            return;
        }
        if !self.index.is_empty() {
            self.index.insert(key.clone(), self.entries.len());
        }
        self.entries.push(Entry { key, name, value });
        if self.index.is_empty() && self.entries.len() > Self::FEW {
            self.index = self.entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
        }
    }

    fn remove(&mut self, key: &Key<'a>) -> Option<Value<'a>> {
        let at = self.position(key)?;
        self.index.clear();
        Some(self.entries.remove(at).value)
    }
}

/// What decides whether two keys are the same.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Key<'a> {
    None,
    Int(i64),
    Float(u64),
    Text(Text<'a>),
    Bytes(Rc<[u8]>),
    Tuple(Vec<Key<'a>>),
    /// The absolute name of something outside of the project.
    Name(Rc<str>),
    Builtin(&'static str),
    /// The same object.
    Object(usize),
}

impl<'a> Key<'a> {
    /// `None` for what is not known, and what cannot be a key.
    pub fn of(value: &Value<'a>) -> Option<Key<'a>> {
        Key::within(value, 20)
    }

    fn within(value: &Value<'a>, depth: usize) -> Option<Key<'a>> {
        Some(match value {
            Value::None => Key::None,
            Value::Bool(value) => Key::Int(i64::from(*value)),
            Value::Int(value) => Key::Int(*value),
            Value::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => Key::Int(*value as i64),
            Value::Float(value) => Key::Float(value.to_bits()),
            Value::Str(text) => Key::Text(text.clone()),
            Value::Bytes(bytes) => Key::Bytes(bytes.clone()),
            Value::Tuple(values) => {
                let depth = depth.checked_sub(1)?;
                Key::Tuple(values.iter().map(|value| Key::within(value, depth)).collect::<Option<_>>()?)
            }
            Value::Builtin(name) => Key::Builtin(name),
            Value::Function(function) => Key::Object(Rc::as_ptr(function) as usize),
            Value::Class(class) => Key::Object(Rc::as_ptr(class) as usize),
            Value::Module(scope) => Key::Object(Rc::as_ptr(scope) as usize),
            Value::Instance(instance) => match value.plain() {
                Some(plain) => Key::within(&plain, depth.checked_sub(1)?)?,
                None => Key::Object(Rc::as_ptr(instance) as usize),
            },
            Value::Term(term) => match &term.kind {
                TermKind::Name(name) => Key::Name(name.clone()),
                _ => Key::Object(Rc::as_ptr(term) as usize),
            },
            Value::List(_) | Value::Set(_) | Value::Dict(_) | Value::Method(_) | Value::Super(_) => return None,
            Value::Manager(_) | Value::Unknown => return None,
        })
    }
}
