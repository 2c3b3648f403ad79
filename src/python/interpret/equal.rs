//! Whether values are the same, equal, true, of a kind: `None` where that is not known.

use std::cmp::Ordering;
use std::rc::Rc;

use ruff_python_ast::BoolOp;

use super::value::{Part, TermKind, Value};

impl<'a> Value<'a> {
    /// Certainly one and the same, whatever is done with them. Says `false` when in doubt.
    pub fn same(&self, other: &Value<'a>) -> bool {
        match (self, other) {
            (Value::None, Value::None) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::Bytes(a), Value::Bytes(b)) => a == b,
            (Value::List(a), Value::List(b)) => Rc::ptr_eq(a, b),
            (Value::Tuple(a), Value::Tuple(b)) => {
                Rc::ptr_eq(a, b) || (a.len() == b.len() && a.len() < 100 && self.equal(other) == Some(true) && flat(a))
            }
            (Value::Set(a), Value::Set(b)) | (Value::Dict(a), Value::Dict(b)) => Rc::ptr_eq(a, b),
            (Value::Function(a), Value::Function(b)) => Rc::ptr_eq(a, b),
            (Value::Builtin(a), Value::Builtin(b)) => a == b,
            (Value::Class(a), Value::Class(b)) => Rc::ptr_eq(a, b),
            (Value::Instance(a), Value::Instance(b)) => Rc::ptr_eq(a, b),
            (Value::Module(a), Value::Module(b)) => Rc::ptr_eq(a, b),
            (Value::Term(a), Value::Term(b)) => {
                Rc::ptr_eq(a, b) || matches!((&a.kind, &b.kind), (TermKind::Name(a), TermKind::Name(b)) if a == b)
            }
            _ => false,
        }
    }

    /// Whether `self == other`.
    pub fn equal(&self, other: &Value<'a>) -> Option<bool> {
        equal(self, other, &mut 10_000, 30)
    }

    /// Whether `self is other`.
    pub fn identical(&self, other: &Value<'a>) -> Option<bool> {
        match (self, other) {
            (Value::Unknown, _) | (_, Value::Unknown) => None,
            (Value::None, other) | (other, Value::None) => match other {
                Value::None => Some(true),
                _ => other.is_object().then_some(false),
            },
            (Value::Bool(a), Value::Bool(b)) => Some(a == b),
            (Value::Bool(_), Value::Term(_)) | (Value::Term(_), Value::Bool(_)) => None,
            (Value::Term(_), _) | (_, Value::Term(_)) => self.same(other).then_some(true),
            _ if self.same(other) => Some(true),
            (Value::Int(_) | Value::Str(_) | Value::Tuple(_), Value::Int(_) | Value::Str(_) | Value::Tuple(_)) => {
                if self.equal(other) == Some(false) {
                    Some(false)
                } else {
                    None
                }
            }
            _ => Some(false),
        }
    }

    /// Certainly not `None`: what a term stands for only when it is made by calling what looks like a class.
    pub fn is_object(&self) -> bool {
        match self {
            Value::None | Value::Unknown | Value::Manager(_) => false,
            Value::Term(term) => match &term.kind {
                TermKind::Call { callee, .. } => callee.as_name().is_some_and(is_class_name),
                TermKind::Name(name) => is_class_name(name),
                TermKind::Format(_) | TermKind::Each { .. } => true,
                _ => false,
            },
            _ => true,
        }
    }

    /// Whether `bool(self)`.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Value::None => Some(false),
            Value::Bool(value) => Some(*value),
            Value::Int(value) => Some(*value != 0),
            Value::Float(value) => Some(*value != 0.0),
            Value::Str(text) => Some(!text.is_empty()),
            Value::Bytes(bytes) => Some(!bytes.is_empty()),
            Value::List(items) => match items.values.borrow().is_empty() {
                true => (!items.more.get()).then_some(false),
                false => Some(true),
            },
            Value::Tuple(values) => Some(!values.is_empty()),
            Value::Set(dict) | Value::Dict(dict) => match dict.is_empty() {
                true => (!dict.more.get()).then_some(false),
                false => Some(true),
            },
            Value::Function(_) | Value::Builtin(_) | Value::Method(_) | Value::Class(_) | Value::Module(_) => {
                Some(true)
            }
            Value::Instance(_) => match self.plain() {
                Some(plain) => plain.truth(),
                None => Some(true),
            },
            Value::Super(_) | Value::Manager(_) | Value::Unknown => None,
            Value::Term(term) => match &term.kind {
                TermKind::Name(name) if is_class_name(name) => Some(true),
                TermKind::Not(value) => value.truth().map(|truth| !truth),
                TermKind::BoolOp(op, values) => {
                    let decides = *op == BoolOp::Or;
                    values.iter().any(|value| value.truth() == Some(decides)).then_some(decides)
                }
                TermKind::Format(parts) => {
                    let is_text = |part: &Part<'_>| matches!(part, Part::Literal(text) if !text.is_empty());
                    parts.iter().any(is_text).then_some(true)
                }
                _ => None,
            },
        }
    }

    /// The number or text that a member of an enumeration is at the same time (`class Colour(str, Enum)`).
    pub fn plain(&self) -> Option<Value<'a>> {
        let Value::Instance(instance) = self else { return None };
        instance.class.members()?;
        instance.class.has_plain_members().then(|| instance.attributes.get_text("value")).flatten()
    }

    /// The text it is, be it as the member of an enumeration.
    pub fn to_text(&self) -> Option<super::Text<'a>> {
        match self {
            Value::Str(text) => Some(text.clone()),
            Value::Instance(_) => match self.plain()? {
                Value::Str(text) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn to_int(&self) -> Option<i64> {
        match self {
            Value::Bool(value) => Some(i64::from(*value)),
            Value::Int(value) => Some(*value),
            Value::Instance(_) => match self.plain()? {
                Value::Int(value) => Some(value),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn to_float(&self) -> Option<f64> {
        match self {
            Value::Float(value) => Some(*value),
            _ => self.to_int().map(|value| value as f64),
        }
    }

    /// How `self` sorts against `other`.
    pub(super) fn order(&self, other: &Value<'a>) -> Option<Ordering> {
        order(self, other, 30)
    }
}

/// Python's classes begin with a capital letter, where they follow the custom.
fn is_class_name(dotted: &str) -> bool {
    let last = dotted.rsplit('.').next().unwrap_or(dotted);
    last.starts_with(|first: char| first.is_ascii_uppercase()) && last.contains(|c: char| c.is_ascii_lowercase())
        || matches!(last, "ENUM" | "UUID" | "JSON" | "JSONB" | "ARRAY" | "VARCHAR" | "INTEGER" | "TIMESTAMP" | "TEXT")
}

/// Values whose tuples may be taken for each other.
fn flat(values: &[Value<'_>]) -> bool {
    values.iter().all(|value| {
        !matches!(value, Value::List(_) | Value::Dict(_) | Value::Set(_) | Value::Instance(_) | Value::Tuple(_))
    })
}

fn order<'a>(a: &Value<'a>, b: &Value<'a>, depth: usize) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (a.to_text(), b.to_text()) {
        return Some((*a).cmp(&*b));
    }
    if let (Some(a), Some(b)) = (a.to_int(), b.to_int()) {
        return Some(a.cmp(&b));
    }
    if let (Some(a), Some(b)) = (a.to_float(), b.to_float()) {
        return a.partial_cmp(&b);
    }
    match (a, b) {
        (Value::Tuple(a), Value::Tuple(b)) => orders(a, b, depth.checked_sub(1)?),
        (Value::List(a), Value::List(b)) if !a.more.get() && !b.more.get() => {
            let (a, b) = (a.values.borrow().clone(), b.values.borrow().clone());
            orders(&a, &b, depth.checked_sub(1)?)
        }
        _ => None,
    }
}

fn orders<'a>(a: &[Value<'a>], b: &[Value<'a>], depth: usize) -> Option<Ordering> {
    for (a, b) in a.iter().zip(b) {
        match order(a, b, depth)? {
            Ordering::Equal => {}
            found => return Some(found),
        }
    }
    Some(a.len().cmp(&b.len()))
}

fn equal<'a>(a: &Value<'a>, b: &Value<'a>, steps: &mut usize, depth: usize) -> Option<bool> {
    *steps = steps.checked_sub(1)?;
    let depth = depth.checked_sub(1)?;
    match (a, b) {
        (Value::Unknown | Value::Manager(_), _) | (_, Value::Unknown | Value::Manager(_)) => None,
        // an operator of an object of a library may give anything
        (Value::Term(_), _) | (_, Value::Term(_)) => match (a.as_name(), b.as_name()) {
            (Some(a), Some(b)) if a == b => Some(true),
            _ => None,
        },
        (Value::List(a), Value::List(b)) => {
            if Rc::ptr_eq(a, b) {
                return Some(true);
            }
            let n_known = (a.values.borrow().len(), b.values.borrow().len());
            if a.more.get() || b.more.get() {
                return None;
            }
            if n_known.0 != n_known.1 {
                return Some(false);
            }
            let (a, b) = (a.values.borrow().clone(), b.values.borrow().clone());
            all_equal(a.iter().zip(&b), steps, depth)
        }
        (Value::Tuple(a), Value::Tuple(b)) => match a.len() == b.len() {
            true => all_equal(a.iter().zip(b.iter()), steps, depth),
            false => Some(false),
        },
        (Value::Dict(a), Value::Dict(b)) | (Value::Set(a), Value::Set(b)) => {
            if Rc::ptr_eq(a, b) {
                return Some(true);
            }
            if a.more.get() || b.more.get() {
                return None;
            }
            if a.len() != b.len() {
                return Some(false);
            }
            let mut res = Some(true);
            for (key, value) in a.items() {
                match b.get(&key).map(|other| equal(&value, &other, steps, depth)) {
                    None if key.is_open() => return None,
                    None | Some(Some(false)) => return Some(false),
                    Some(Some(true)) => {}
                    Some(None) => res = None,
                }
            }
            res
        }
        (Value::Instance(x), Value::Instance(y)) => match (a.plain(), b.plain()) {
            _ if Rc::ptr_eq(x, y) => Some(true),
            (Some(a), Some(b)) => equal(&a, &b, steps, depth),
            _ if x.class.members().is_some() && y.class.members().is_some() => Some(false),
            _ => None,
        },
        (Value::Instance(x), other) | (other, Value::Instance(x)) => {
            let plain = a.plain().or_else(|| b.plain());
            match plain {
                Some(plain) => equal(&plain, other, steps, depth),
                None => x.class.members().is_some().then_some(false),
            }
        }
        (Value::Bool(_) | Value::Int(_), Value::Bool(_) | Value::Int(_)) => Some(a.to_int() == b.to_int()),
        (Value::Bool(_) | Value::Int(_) | Value::Float(_), Value::Bool(_) | Value::Int(_) | Value::Float(_)) => {
            Some(a.to_float() == b.to_float())
        }
        (Value::Super(_) | Value::Method(_), _) | (_, Value::Super(_) | Value::Method(_)) => None,
        _ => Some(a.same(b)),
    }
}

fn all_equal<'v, 'a: 'v>(
    pairs: impl Iterator<Item = (&'v Value<'a>, &'v Value<'a>)>,
    steps: &mut usize,
    depth: usize,
) -> Option<bool> {
    let mut res = Some(true);
    for (a, b) in pairs {
        match equal(a, b, steps, depth) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => res = None,
        }
    }
    res
}
