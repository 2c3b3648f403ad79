//! Expressions.

use ruff_python_ast::{self as ast, CmpOp, Expr, Number, UnaryOp};

use super::dict::Dict;
use super::scope::{Kind, Scope};
use super::value::{Arguments, Body, TermKind, Text, Value};
use super::{Run, builtins, span};
use crate::source::Span;

impl<'a> Run<'_, 'a> {
    pub(super) fn evaluate(&mut self, expression: &'a Expr) -> Value<'a> {
        if !self.spend(1) {
            return Value::Unknown;
        }
        match expression {
            Expr::NoneLiteral(_) => Value::None,
            Expr::BooleanLiteral(literal) => Value::Bool(literal.value),
            Expr::StringLiteral(literal) => Value::text(literal.value.to_str()),
            Expr::NumberLiteral(literal) => match &literal.value {
                Number::Int(int) => int.as_i64().map_or(Value::Unknown, Value::Int),
                Number::Float(float) => Value::Float(*float),
                Number::Complex { .. } => Value::Unknown,
            },
            Expr::Name(name) => self.name(name),
            _ => self.deeper(|run| run.evaluate_deep(expression)).unwrap_or(Value::Unknown),
        }
    }

    fn evaluate_deep(&mut self, expression: &'a Expr) -> Value<'a> {
        match expression {
            Expr::BytesLiteral(literal) => Value::Bytes(literal.value.bytes().collect()),
            Expr::EllipsisLiteral(_) => Value::Builtin("Ellipsis"),
            Expr::Attribute(attribute) => {
                let object = self.evaluate(&attribute.value);
                let place = self.place(attribute);
                self.attribute(&object, &Text::from(attribute.attr.as_str()), place)
            }
            Expr::Call(call) => self.evaluate_call(call),
            Expr::Tuple(tuple) => match self.elements(&tuple.elts) {
                (values, false) => Value::tuple(values),
                (values, true) => Value::open_list(values),
            },
            Expr::List(list) => match self.elements(&list.elts) {
                (values, false) => Value::list(values),
                (values, true) => Value::open_list(values),
            },
            Expr::Set(set) => {
                let (values, more) = self.elements(&set.elts);
                self.set_of(values, more)
            }
            Expr::Dict(dict) => self.dict_display(dict),
            Expr::FString(string) => self.f_string(string),
            Expr::TString(_) => Value::Unknown,
            Expr::BinOp(operation) => self.binary_chain(operation),
            Expr::UnaryOp(operation) => {
                let operand = self.evaluate(&operation.operand);
                self.unary(operation.op, operand, operation)
            }
            Expr::BoolOp(operation) => self.bool_op(operation),
            Expr::Compare(compare) => self.comparison(compare),
            Expr::If(choice) => self.conditional(choice),
            Expr::Named(named) => {
                let value = self.evaluate(&named.value);
                self.assign(&named.target, value.clone());
                value
            }
            Expr::Subscript(subscript) => {
                let object = self.evaluate(&subscript.value);
                let place = self.place(subscript);
                match &*subscript.slice {
                    Expr::Slice(slice) => {
                        let mut bound = |bound: &'a Option<Box<Expr>>| {
                            bound.as_deref().map_or(Value::None, |bound| self.evaluate(bound))
                        };
                        let bounds = [bound(&slice.lower), bound(&slice.upper), bound(&slice.step)];
                        self.slice(&object, bounds, place)
                    }
                    key => {
                        let key = self.evaluate(key);
                        self.item(&object, &key, place)
                    }
                }
            }
            Expr::Lambda(lambda) => self.function(
                "<lambda>",
                span(lambda),
                lambda.parameters.as_deref(),
                None,
                Body::Expression(&lambda.body),
                &[],
            ),
            Expr::ListComp(comp) => self.list_comprehension(&comp.elt, &comp.generators),
            Expr::Generator(comp) => self.list_comprehension(&comp.elt, &comp.generators),
            Expr::SetComp(comp) => {
                let list = self.list_comprehension(&comp.elt, &comp.generators);
                match self.iterate(&list) {
                    Some(iterated) => self.set_of(iterated.values, iterated.more),
                    None => list,
                }
            }
            Expr::DictComp(comp) => self.dict_comprehension(&comp.key, &comp.value, &comp.generators),
            Expr::Await(waited) => self.evaluate(&waited.value),
            Expr::Yield(yielded) => {
                let value = yielded.value.as_deref().map_or(Value::None, |value| self.evaluate(value));
                self.yields(value)
            }
            Expr::YieldFrom(yielded) => {
                let value = self.evaluate(&yielded.value);
                match self.iterate(&value) {
                    Some(iterated) => {
                        for value in iterated.values {
                            self.yields(value);
                        }
                        self.frame().yielded_more |= iterated.more;
                    }
                    None => self.frame().yielded_more = true,
                }
                Value::Unknown
            }
            Expr::Starred(starred) => {
                self.evaluate(&starred.value);
                Value::Unknown
            }
            Expr::Slice(_) | Expr::IpyEscapeCommand(_) => Value::Unknown,
            Expr::NoneLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::StringLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::Name(_) => self.evaluate(expression),
        }
    }

    fn name(&mut self, name: &'a ast::ExprName) -> Value<'a> {
        match self.lookup(name.id.as_str()) {
            Some(value) => value,
            None => {
                let place = self.place(name);
                let dotted = format!("builtins.{}", name.id.as_str());
                self.term(TermKind::Name(dotted.into()), place)
            }
        }
    }

    /// What a name is worth where code runs; `None` when nothing known binds it.
    pub(super) fn lookup(&mut self, name: &'a str) -> Option<Value<'a>> {
        let own = self.scope();
        if let Some(value) = own.variables.borrow().get(name) {
            return Some(value.clone());
        }
        let elsewhere = own.elsewhere.borrow().iter().find(|(known, _)| *known == name).map(|(_, scope)| scope.clone());
        let mut scope = elsewhere.unwrap_or_else(|| own.clone());
        loop {
            if let Some(value) = scope.variables.borrow().get(name) {
                return Some(value.clone());
            }
            match &scope.parent {
                Some(parent) => {
                    let parent = parent.clone();
                    scope = parent;
                }
                None => break,
            }
        }
        if let Some(value) = self.module_name(&scope, name) {
            return Some(value);
        }
        match name {
            "__name__" => return Some(Value::text(scope.module.name.as_str())),
            "__file__" => return Some(Value::Unknown),
            _ => {}
        }
        builtins::named(name).or_else(|| scope.any_name.get().then_some(Value::Unknown))
    }

    /// The values of a display, and whether there are others.
    pub(super) fn elements(&mut self, elements: &'a [Expr]) -> (Vec<Value<'a>>, bool) {
        let mut res = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Expr::Starred(starred) => {
                    let value = self.evaluate(&starred.value);
                    match self.iterate(&value) {
                        Some(iterated) => {
                            res.extend(iterated.values);
                            if iterated.more {
                                return (res, true);
                            }
                        }
                        None => return (res, true),
                    }
                }
                element => res.push(self.evaluate(element)),
            }
        }
        if res.len() > self.limits.items {
            self.exhaust();
            return (Vec::new(), true);
        }
        (res, false)
    }

    pub(super) fn set_of(&mut self, values: Vec<Value<'a>>, more: bool) -> Value<'a> {
        let set = Dict::default();
        set.more.set(more);
        for value in values {
            set.insert(value, Value::None);
        }
        Value::Set(set.into())
    }

    fn dict_display(&mut self, display: &'a ast::ExprDict) -> Value<'a> {
        let dict = Dict::default();
        for item in &display.items {
            let key = item.key.as_ref().map(|key| self.evaluate(key));
            let value = self.evaluate(&item.value);
            match (key, value) {
                (Some(key), value) => dict.insert(key, value),
                (None, value) => self.merge(&dict, &value),
            }
        }
        if dict.len() > self.limits.items {
            self.exhaust();
            return Value::Unknown;
        }
        Value::Dict(dict.into())
    }

    /// `{**value}`
    pub(super) fn merge(&mut self, dict: &Dict<'a>, value: &Value<'a>) {
        match value {
            Value::Dict(other) => {
                for (key, value) in other.items() {
                    dict.insert(key, value);
                }
                self.spend(other.len() / 8);
                if other.more.get() {
                    self.open(dict);
                }
            }
            _ => self.open(dict),
        }
        if dict.len() > self.limits.items {
            self.exhaust();
        }
    }

    /// Anything may have been put into it.
    pub(super) fn open(&mut self, dict: &Dict<'a>) {
        for (key, _) in dict.items() {
            dict.insert(key, Value::Unknown);
        }
        dict.more.set(true);
    }

    fn unary(&mut self, op: UnaryOp, operand: Value<'a>, written: &'a ast::ExprUnaryOp) -> Value<'a> {
        match (op, &operand) {
            (UnaryOp::Not, _) => {
                if let Some(truth) = operand.truth() {
                    return Value::Bool(!truth);
                }
                let place = self.place(written);
                self.term(TermKind::Not(operand), place)
            }
            (UnaryOp::USub, Value::Int(value)) => value.checked_neg().map_or(Value::Unknown, Value::Int),
            (UnaryOp::USub, Value::Float(value)) => Value::Float(-value),
            (UnaryOp::UAdd, Value::Int(_) | Value::Float(_)) => operand,
            (UnaryOp::Invert, Value::Int(value)) => Value::Int(!value),
            (_, Value::Term(_)) => {
                let place = self.place(written);
                self.term(TermKind::Unary(op, operand), place)
            }
            _ => Value::Unknown,
        }
    }

    /// `a < b < c` is `a < b and b < c`.
    fn comparison(&mut self, compare: &'a ast::ExprCompare) -> Value<'a> {
        let mut left = self.evaluate(&compare.left);
        let mut open = Vec::new();
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            let right = self.evaluate(right);
            let place = self.place(compare);
            let res = self.compare(*op, &left, &right, place);
            match res.truth() {
                Some(false) if open.is_empty() => return Value::Bool(false),
                Some(true) => {}
                _ => open.push(res),
            }
            left = right;
        }
        match open.len() {
            0 => Value::Bool(true),
            1 => open.remove(0),
            _ => {
                let place = self.place(compare);
                self.term(TermKind::BoolOp(ast::BoolOp::And, open), place)
            }
        }
    }

    fn compare(&mut self, op: CmpOp, left: &Value<'a>, right: &Value<'a>, place: super::Place<'a>) -> Value<'a> {
        match self.compared(op, left, right) {
            Some(truth) => Value::Bool(truth),
            None => self.term(TermKind::Compare(op, left.clone(), right.clone()), place),
        }
    }

    /// The value of each argument; `*` and `**` spread out.
    pub(super) fn arguments(&mut self, arguments: &'a ast::Arguments) -> Arguments<'a> {
        let mut res = Arguments { positional: Vec::with_capacity(arguments.args.len()), ..Arguments::default() };
        for argument in &arguments.args {
            match argument {
                Expr::Starred(starred) => {
                    let value = self.evaluate(&starred.value);
                    match self.iterate(&value) {
                        Some(iterated) if !res.more => {
                            let at = span(&*starred.value);
                            res.positional.extend(iterated.values.into_iter().map(|value| (value, at)));
                            res.more |= iterated.more;
                        }
                        _ => res.more = true,
                    }
                }
                // what its position is cannot be told behind an unknown number of others
                argument => {
                    let value = self.evaluate(argument);
                    if !res.more || !matches!(value, Value::None) {
                        res.positional.push((value, span(argument)));
                    }
                }
            }
        }
        for keyword in &arguments.keywords {
            let value = self.evaluate(&keyword.value);
            match &keyword.arg {
                Some(name) => res.keywords.push((Text::from(name.as_str()), value, span(&keyword.value))),
                None => self.spread(&mut res, &value, span(&keyword.value)),
            }
        }
        if res.positional.len() > self.limits.items {
            self.exhaust();
        }
        res
    }

    fn spread(&mut self, arguments: &mut Arguments<'a>, value: &Value<'a>, at: Span) {
        let Value::Dict(dict) = value else {
            arguments.more = true;
            return;
        };
        for (key, value) in dict.items() {
            match key {
                Value::Str(name) => arguments.keywords.push((name, value, at)),
                _ => arguments.more = true,
            }
        }
        arguments.more |= dict.more.get();
    }

    /// A scope inside of the one under way: that of a comprehension.
    pub(super) fn inner_scope(&self) -> std::rc::Rc<Scope<'a>> {
        let scope = self.scope();
        Scope::new(scope.module, Kind::Comprehension, Some(scope.clone()))
    }
}
