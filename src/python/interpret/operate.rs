//! Operators, comparisons, items and slices.

use std::cmp::Ordering;
use std::rc::Rc;

use ruff_python_ast::{self as ast, CmpOp, Expr, Operator};

use super::Run;
use super::dict::Dict;
use super::value::{Part, Place, TermKind, Text, Value};

impl<'a> Run<'_, 'a> {
    /// `a + b + c …`, however long, without going deeper.
    pub(super) fn binary_chain(&mut self, operation: &'a ast::ExprBinOp) -> Value<'a> {
        let mut chain = vec![operation];
        while let Expr::BinOp(left) = &*chain[chain.len() - 1].left {
            chain.push(left);
        }
        let mut res = match chain.last() {
            Some(first) => self.evaluate(&first.left),
            None => Value::Unknown,
        };
        while let Some(operation) = chain.pop() {
            if !self.spend(1) {
                return Value::Unknown;
            }
            let right = self.evaluate(&operation.right);
            let place = self.place(operation);
            res = self.binary(operation.op, res, right, place);
        }
        res
    }

    pub(super) fn binary(&mut self, op: Operator, left: Value<'a>, right: Value<'a>, place: Place<'a>) -> Value<'a> {
        if let Some(res) = self.known_binary(op, &left, &right, place) {
            return res;
        }
        let is_type = |value: &Value<'a>| matches!(value, Value::Class(_) | Value::Builtin(_));
        match (&left, &right) {
            (Value::Term(_), _) | (_, Value::Term(_)) => self.term(TermKind::Binary(op, left, right), place),
            // `str | None`, in annotations
            _ if op == Operator::BitOr && (is_type(&left) || is_type(&right)) => {
                self.term(TermKind::Binary(op, left, right), place)
            }
            _ => Value::Unknown,
        }
    }

    fn known_binary(
        &mut self,
        op: Operator,
        left: &Value<'a>,
        right: &Value<'a>,
        place: Place<'a>,
    ) -> Option<Value<'a>> {
        if let (Some(a), Some(b)) = (left.to_int(), right.to_int()) {
            return Some(arithmetic(op, left, right, a, b).unwrap_or(Value::Unknown));
        }
        if let (Some(a), Some(b)) = (left.to_float(), right.to_float()) {
            return Some(match op {
                Operator::Add => Value::Float(a + b),
                Operator::Sub => Value::Float(a - b),
                Operator::Mult => Value::Float(a * b),
                Operator::Div if b != 0.0 => Value::Float(a / b),
                _ => Value::Unknown,
            });
        }
        match (op, left, right) {
            (Operator::Mod, _, _) if left.to_text().is_some() => {
                let text = left.to_text()?;
                Some(self.percent(&text, right, place))
            }
            (Operator::Add, _, _) if is_text(left) || is_text(right) => self.add_text(left, right, place),
            (Operator::Mult, _, Value::Int(count)) if left.to_text().is_some() => {
                self.repeat_text(&left.to_text()?, *count)
            }
            (Operator::Mult, Value::Int(count), _) if right.to_text().is_some() => {
                self.repeat_text(&right.to_text()?, *count)
            }
            (Operator::Add, Value::List(a), Value::List(b)) => {
                let mut values = a.values.borrow().clone();
                if a.more.get() {
                    return Some(Value::open_list(values));
                }
                values.extend(b.values.borrow().iter().cloned());
                let values = self.bounded(values)?;
                Some(if b.more.get() { Value::open_list(values) } else { Value::list(values) })
            }
            (Operator::Add, Value::List(a), Value::Unknown | Value::Term(_)) => {
                Some(Value::open_list(a.values.borrow().clone()))
            }
            (Operator::Add, Value::Tuple(a), Value::Tuple(b)) => {
                let values = a.iter().chain(b.iter()).cloned().collect();
                Some(Value::tuple(self.bounded(values)?))
            }
            (Operator::Mult, Value::List(a), Value::Int(count)) if !a.more.get() => {
                let values = a.values.borrow().clone();
                Some(Value::list(self.repeated(&values, *count)?))
            }
            (Operator::Mult, Value::Tuple(a), Value::Int(count)) => Some(Value::tuple(self.repeated(a, *count)?)),
            (Operator::BitOr, Value::Dict(a), Value::Dict(_)) => {
                let res = copy(a);
                self.merge(&res, right);
                Some(Value::Dict(res.into()))
            }
            (_, Value::Set(a), Value::Set(b)) => self.set_operation(op, a, b),
            _ => None,
        }
    }

    /// `{…} | {…}` and its like.
    pub(super) fn set_operation(&mut self, op: Operator, a: &Rc<Dict<'a>>, b: &Rc<Dict<'a>>) -> Option<Value<'a>> {
        let res = Dict::default();
        let (in_a, in_b) = (a.keys(), b.keys());
        self.spend((in_a.len() + in_b.len()) / 8);
        let open = a.more.get() || b.more.get();
        let kept: Vec<Value<'a>> = match op {
            Operator::BitOr => in_a.into_iter().chain(in_b).collect(),
            // an unknown key may be any
            Operator::Sub if b.more.get() => Vec::new(),
            Operator::Sub => in_a.into_iter().filter(|key| b.get(key).is_none()).collect(),
            Operator::BitAnd => in_a.into_iter().filter(|key| b.get(key).is_some()).collect(),
            Operator::BitXor if !open => {
                let only_b = in_b.into_iter().filter(|key| a.get(key).is_none());
                in_a.into_iter().filter(|key| b.get(key).is_none()).chain(only_b).collect()
            }
            Operator::BitXor => Vec::new(),
            _ => return None,
        };
        for key in kept {
            res.insert(key, Value::None);
        }
        res.more.set(open);
        if res.len() > self.limits.items {
            self.exhaust();
        }
        Some(Value::Set(res.into()))
    }

    /// `list += …`, `dict |= …`, `set |= …` change what is there; whether it is such a thing.
    pub(super) fn augment_in_place(&mut self, old: &Value<'a>, op: Operator, value: &Value<'a>) -> bool {
        match (op, old) {
            (Operator::Add, Value::List(items)) => self.extend(items, value),
            (Operator::BitOr, Value::Dict(dict)) => {
                self.touch_dict(dict);
                self.merge(dict, value);
            }
            (Operator::BitOr, Value::Set(dict)) => self.add_all(dict, value),
            _ => return false,
        }
        true
    }

    fn add_text(&mut self, left: &Value<'a>, right: &Value<'a>, place: Place<'a>) -> Option<Value<'a>> {
        if let (Some(a), Some(b)) = (left.to_text(), right.to_text()) {
            return Some(self.new_text([&*a, &*b].concat()));
        }
        // what is added to text is text, if it is anything
        if !matches!(left, Value::Str(_) | Value::Term(_) | Value::Unknown)
            || !matches!(right, Value::Str(_) | Value::Term(_) | Value::Unknown)
        {
            return None;
        }
        let mut parts = Vec::new();
        self.push_part(&mut parts, left.clone());
        self.push_part(&mut parts, right.clone());
        Some(self.formatted(parts, place))
    }

    fn repeat_text(&mut self, text: &str, count: i64) -> Option<Value<'a>> {
        let count = usize::try_from(count.max(0)).ok()?;
        match text.len().checked_mul(count) {
            Some(length) if length <= self.limits.text => Some(self.new_text(text.repeat(count))),
            _ => {
                self.exhaust();
                None
            }
        }
    }

    /// Text, unless it is too long.
    pub(super) fn new_text(&mut self, text: String) -> Value<'a> {
        if text.len() > self.limits.text {
            self.exhaust();
            return Value::Unknown;
        }
        self.spend(text.len() / 256);
        Value::text(text)
    }

    fn bounded(&mut self, values: Vec<Value<'a>>) -> Option<Vec<Value<'a>>> {
        self.spend(values.len() / 8);
        if values.len() > self.limits.items {
            self.exhaust();
            return None;
        }
        Some(values)
    }

    fn repeated(&mut self, values: &[Value<'a>], count: i64) -> Option<Vec<Value<'a>>> {
        let count = usize::try_from(count.max(0)).ok()?;
        match values.len().checked_mul(count) {
            Some(length) if length <= self.limits.items => {
                Some(std::iter::repeat_n(values, count).flatten().cloned().collect())
            }
            _ => {
                self.exhaust();
                None
            }
        }
    }

    pub(super) fn compared(&mut self, op: CmpOp, left: &Value<'a>, right: &Value<'a>) -> Option<bool> {
        match op {
            CmpOp::Eq => left.equal(right),
            CmpOp::NotEq => left.equal(right).map(|equal| !equal),
            CmpOp::Is => left.identical(right),
            CmpOp::IsNot => left.identical(right).map(|same| !same),
            CmpOp::In => self.contains(right, left),
            CmpOp::NotIn => self.contains(right, left).map(|found| !found),
            CmpOp::Lt => left.order(right).map(|order| order == Ordering::Less),
            CmpOp::LtE => left.order(right).map(|order| order != Ordering::Greater),
            CmpOp::Gt => left.order(right).map(|order| order == Ordering::Greater),
            CmpOp::GtE => left.order(right).map(|order| order != Ordering::Less),
        }
    }

    fn contains(&mut self, container: &Value<'a>, value: &Value<'a>) -> Option<bool> {
        match container {
            Value::Set(dict) | Value::Dict(dict) => {
                if dict.get(value).is_some() {
                    return Some(true);
                }
                let open = value.is_open() && value.as_name().is_none();
                let unclear = dict.more.get() || open || dict.keys().iter().any(|key| key.is_open());
                (!unclear).then_some(false)
            }
            Value::Str(text) => value.to_text().map(|part| text.contains(&*part)),
            Value::List(_) | Value::Tuple(_) | Value::Class(_) => {
                let iterated = self.iterate(container)?;
                self.spend(iterated.values.len());
                let mut res = if iterated.more { None } else { Some(false) };
                for item in &iterated.values {
                    match item.equal(value) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => res = None,
                    }
                }
                res
            }
            _ => None,
        }
    }

    /// `object[key]`
    pub(super) fn item(&mut self, object: &Value<'a>, key: &Value<'a>, place: Place<'a>) -> Value<'a> {
        let found = match object {
            Value::List(items) => {
                let values = items.values.borrow();
                let at = key.to_int();
                // counted from the end only when the end is known
                let position = at.filter(|at| !items.more.get() || *at >= 0).and_then(|at| position(at, values.len()));
                position.and_then(|at| values.get(at).cloned())
            }
            Value::Tuple(values) => {
                key.to_int().and_then(|at| position(at, values.len())).and_then(|at| values.get(at).cloned())
            }
            Value::Str(text) => {
                let count = text.chars().count();
                let at = key.to_int().and_then(|at| position(at, count));
                at.and_then(|at| text.chars().nth(at)).map(|c| Value::text(c.to_string()))
            }
            Value::Dict(dict) => match dict.get(key) {
                Some(value) => Some(value),
                None if key.is_open() || dict.more.get() => None,
                None => dict.get(&Value::Builtin("__missing__")).map(|_| Value::Unknown),
            },
            Value::Class(class) if class.members().is_some() => {
                key.as_str().and_then(|name| class.attributes.get_text(name))
            }
            // `Base[int]` is the class
            Value::Class(_) => Some(object.clone()),
            Value::Module(scope) => {
                let scope = scope.clone();
                key.to_text().and_then(|name| self.module_name(&scope, &name))
            }
            Value::Instance(instance) => {
                let instance = instance.clone();
                if let Some(fields) = self.named_tuple(&instance) {
                    key.to_int().and_then(|at| position(at, fields.len())).and_then(|at| fields.get(at).cloned())
                } else {
                    self.own_attribute(object, "__getitem__")
                        .map(|method| self.call(&method, super::Arguments::of([key.clone()]), place))
                }
            }
            Value::Term(_) | Value::Builtin(_) => {
                return self.term(TermKind::Item(object.clone(), key.clone()), place);
            }
            _ => None,
        };
        found.unwrap_or(Value::Unknown)
    }

    /// `object[start:stop:step]`
    pub(super) fn slice(&mut self, object: &Value<'a>, bounds: [Value<'a>; 3], place: Place<'a>) -> Value<'a> {
        let number = |bound: &Value<'a>| match bound {
            Value::None => Some(None),
            bound => bound.to_int().map(Some),
        };
        let known = match (number(&bounds[0]), number(&bounds[1]), number(&bounds[2])) {
            (Some(start), Some(stop), Some(step)) => Some((start, stop, step.unwrap_or(1))),
            _ => None,
        };
        match (object, known) {
            (Value::List(items), Some(bounds)) if !items.more.get() => {
                let values = items.values.borrow().clone();
                Value::list(sliced(&values, bounds))
            }
            (Value::Tuple(values), Some(bounds)) => Value::tuple(sliced(values, bounds)),
            (Value::Str(text), Some(bounds)) => {
                let chars: Vec<char> = text.chars().collect();
                self.new_text(sliced(&chars, bounds).into_iter().collect())
            }
            (Value::Term(_), _) => {
                let [start, stop, step] = bounds;
                let key = self.term(TermKind::Slice(start, stop, step), place);
                self.term(TermKind::Item(object.clone(), key), place)
            }
            (Value::List(_), _) => Value::open_list(Vec::new()),
            _ => Value::Unknown,
        }
    }

    pub(super) fn set_item(&mut self, object: &Value<'a>, key: Value<'a>, value: Value<'a>) {
        match object {
            Value::Dict(dict) => {
                self.touch_dict(dict);
                match key.is_unknown() || (key.is_open() && key.as_name().is_none()) {
                    true => self.open(dict),
                    false => dict.insert(key, value),
                }
                if dict.len() > self.limits.items {
                    self.exhaust();
                }
            }
            Value::List(items) => {
                self.touch_items(items);
                let mut values = items.values.borrow_mut();
                let count = values.len();
                match key.to_int().and_then(|at| position(at, count)).and_then(|at| values.get_mut(at)) {
                    Some(slot) => *slot = value,
                    None => {
                        values.clear();
                        items.more.set(true);
                    }
                }
            }
            Value::Module(scope) => match key {
                Value::Str(Text::Borrowed(name)) => self.set_variable(scope, name, Some(value)),
                _ => scope.any_name.set(true),
            },
            Value::Instance(instance) => {
                let place = instance.place;
                if let Some(method) = self.own_attribute(object, "__setitem__") {
                    self.call(&method, super::Arguments::of([key, value]), place);
                }
            }
            _ => {}
        }
    }

    pub(super) fn delete_item(&mut self, object: &Value<'a>, key: &Value<'a>) {
        match object {
            Value::Dict(dict) => {
                self.touch_dict(dict);
                if dict.remove(key).is_none() && key.is_open() {
                    self.open(dict);
                }
            }
            Value::List(items) => {
                self.touch_items(items);
                let mut values = items.values.borrow_mut();
                match key.to_int().and_then(|at| position(at, values.len())) {
                    Some(at) if at < values.len() => drop(values.remove(at)),
                    _ => {
                        values.clear();
                        items.more.set(true);
                    }
                }
            }
            _ => {}
        }
    }
}

pub(super) fn copy<'a>(dict: &Dict<'a>) -> Dict<'a> {
    Dict { pairs: dict.pairs.borrow().clone().into(), more: dict.more.clone(), ..Dict::default() }
}

fn is_text(value: &Value<'_>) -> bool {
    match value {
        Value::Str(_) => true,
        Value::Term(term) => matches!(&term.kind, TermKind::Format(_)),
        _ => false,
    }
}

fn arithmetic<'a>(op: Operator, left: &Value<'a>, right: &Value<'a>, a: i64, b: i64) -> Option<Value<'a>> {
    Some(match op {
        Operator::BitOr | Operator::BitAnd | Operator::BitXor => {
            let res = match op {
                Operator::BitOr => a | b,
                Operator::BitAnd => a & b,
                _ => a ^ b,
            };
            match (left, right) {
                (Value::Bool(_), Value::Bool(_)) => Value::Bool(res != 0),
                _ => Value::Int(res),
            }
        }
        Operator::Add => Value::Int(a.checked_add(b)?),
        Operator::Sub => Value::Int(a.checked_sub(b)?),
        Operator::Mult => Value::Int(a.checked_mul(b)?),
        Operator::Div if b != 0 => Value::Float(a as f64 / b as f64),
        Operator::FloorDiv => {
            let quotient = a.checked_div(b)?;
            Value::Int(if a.checked_rem(b)? != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
        }
        Operator::Mod => {
            let rest = a.checked_rem(b)?;
            Value::Int(if rest != 0 && (rest < 0) != (b < 0) { rest.checked_add(b)? } else { rest })
        }
        Operator::Pow => Value::Int(a.checked_pow(u32::try_from(b).ok()?)?),
        Operator::LShift => Value::Int(a.checked_mul(1i64.checked_shl(u32::try_from(b).ok()?).filter(|_| b < 62)?)?),
        Operator::RShift => Value::Int(a.checked_shr(u32::try_from(b).ok()?)?),
        _ => return None,
    })
}

/// An index of a sequence, counted from the end when it is negative.
fn position(at: i64, count: usize) -> Option<usize> {
    match usize::try_from(at) {
        Ok(at) => Some(at),
        Err(_) => count.checked_sub(usize::try_from(at.checked_neg()?).ok()?),
    }
}

fn sliced<T: Clone>(values: &[T], (start, stop, step): (Option<i64>, Option<i64>, i64)) -> Vec<T> {
    let count = values.len() as i64;
    let clamp = |bound: i64, low: i64, high: i64| {
        let bound = if bound < 0 { bound.saturating_add(count) } else { bound };
        bound.clamp(low, high)
    };
    let mut res = Vec::new();
    if step > 0 {
        let stop = stop.map_or(count, |stop| clamp(stop, 0, count));
        let mut at = start.map_or(0, |start| clamp(start, 0, count));
        while at < stop {
            res.extend(values.get(at as usize).cloned());
            at = at.saturating_add(step);
        }
    } else if step < 0 {
        let stop = stop.map_or(-1, |stop| clamp(stop, -1, count - 1));
        let mut at = start.map_or(count - 1, |start| clamp(start, -1, count - 1));
        while at > stop {
            res.extend(usize::try_from(at).ok().and_then(|at| values.get(at)).cloned());
            at = at.saturating_add(step);
        }
    }
    res
}

/// Text with holes takes what is known into its text.
impl<'a> Run<'_, 'a> {
    pub(super) fn push_part(&mut self, parts: &mut Vec<Part<'a>>, value: Value<'a>) {
        match value {
            Value::Str(text) => match parts.last_mut() {
                Some(Part::Literal(last)) => *last = Text::from([&**last, &*text].concat()),
                _ if text.is_empty() => {}
                _ => parts.push(Part::Literal(text)),
            },
            Value::Term(term) => match &term.kind {
                TermKind::Format(inner) => {
                    for part in inner {
                        match part {
                            Part::Literal(text) => self.push_part(parts, Value::Str(text.clone())),
                            Part::Hole(value) => parts.push(Part::Hole(value.clone())),
                        }
                    }
                }
                _ => parts.push(Part::Hole(Value::Term(term))),
            },
            value => parts.push(Part::Hole(value)),
        }
    }

    /// Text, or a term for text with holes.
    pub(super) fn formatted(&mut self, mut parts: Vec<Part<'a>>, place: Place<'a>) -> Value<'a> {
        let length: usize = parts.iter().map(|part| if let Part::Literal(text) = part { text.len() } else { 1 }).sum();
        if length > self.limits.text {
            self.exhaust();
            return Value::Unknown;
        }
        self.spend(parts.len() / 8 + length / 256);
        match parts.as_slice() {
            [] => Value::text(""),
            [Part::Literal(_)] => match parts.remove(0) {
                Part::Literal(text) => Value::Str(text),
                Part::Hole(value) => value,
            },
            _ => self.term(TermKind::Format(parts), place),
        }
    }
}
