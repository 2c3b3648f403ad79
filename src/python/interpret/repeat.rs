//! Loops: unrolled over what is known, once over what is not.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{self as ast, Expr, ExprContext, Stmt};

use super::branch::{Flow, Until};
use super::value::{TermKind, Value};
use super::{Block, Run};

/// What iterating gives: these, and perhaps others.
pub(super) struct Iterated<'a> {
    pub values: Vec<Value<'a>>,
    pub more: bool,
}

impl<'a> Iterated<'a> {
    fn all(values: Vec<Value<'a>>) -> Option<Self> {
        Some(Iterated { values, more: false })
    }
}

impl<'a> Run<'_, 'a> {
    pub(super) fn execute_for(&mut self, statement: &'a ast::StmtFor) -> Flow<'a> {
        let iterable = self.evaluate(&statement.iter);
        let Some(iterated) = self.iterate(&iterable) else {
            let element = self.element(&iterable, &statement.iter);
            return self.loop_once(&statement.body, &statement.orelse, |run| run.assign(&statement.target, element));
        };
        let n_guards = self.frame().guards.len();
        let n_rounds = iterated.values.len();
        for value in iterated.values.into_iter().take(self.limits.rounds) {
            let n_guards = self.frame().guards.len();
            self.assign(&statement.target, value);
            let flow = self.execute(&statement.body);
            self.close_guards(n_guards, Until::Continue);
            match flow {
                Flow::Next | Flow::Continue => {}
                Flow::Break => {
                    self.close_guards(n_guards, Until::Break);
                    return Flow::Next;
                }
                left => return left,
            }
        }
        if n_rounds > self.limits.rounds {
            self.exhaust();
        }
        if iterated.more {
            let flow = self.loop_once(&statement.body, &[], |run| run.assign(&statement.target, Value::Unknown));
            if !matches!(flow, Flow::Next) {
                return flow;
            }
        }
        let flow = self.execute(&statement.orelse);
        self.close_guards(n_guards, Until::Break);
        flow
    }

    pub(super) fn execute_while(&mut self, statement: &'a ast::StmtWhile) -> Flow<'a> {
        let n_guards = self.frame().guards.len();
        for _ in 0..self.limits.rounds {
            if self.exhausted {
                return Flow::Raise;
            }
            let condition = self.evaluate(&statement.test);
            match condition.truth() {
                Some(false) => {
                    let flow = self.execute(&statement.orelse);
                    self.close_guards(n_guards, Until::Break);
                    return flow;
                }
                // `while True:` whose end is not known goes round once
                Some(true) if self.frame().guards.len() == n_guards => {}
                _ => {
                    let flow = self.loop_once(&statement.body, &statement.orelse, |_| ());
                    self.close_guards(n_guards, Until::Break);
                    return flow;
                }
            }
            let n_guards = self.frame().guards.len();
            let flow = self.execute(&statement.body);
            self.close_guards(n_guards, Until::Continue);
            match flow {
                Flow::Next | Flow::Continue => {}
                Flow::Break => {
                    self.close_guards(n_guards, Until::Break);
                    return Flow::Next;
                }
                left => return left,
            }
        }
        self.exhaust();
        Flow::Raise
    }

    /// A body that runs any number of times: told once.
    fn loop_once(&mut self, body: &'a [Stmt], orelse: &'a [Stmt], start: impl FnOnce(&mut Self)) -> Flow<'a> {
        let n_guards = self.frame().guards.len();
        self.begin_branch();
        self.forget_changed(body);
        let flow = self.within(Block::Loop, |run| {
            start(run);
            let n_guards = run.frame().guards.len();
            let flow = run.execute(body);
            run.close_guards(n_guards, Until::Continue);
            flow
        });
        self.close_guards(n_guards, Until::Break);
        let outcome = self.taken_back();
        self.begin_branch();
        let nothing = self.kept();
        self.join(outcome, nothing);
        match flow {
            Flow::Return(value) => {
                // perhaps in some round
                self.frame().returned.push(value);
                self.frame().returned.push(Value::Unknown);
            }
            Flow::Next | Flow::Break | Flow::Continue | Flow::Raise => {}
        }
        self.execute(orelse)
    }

    /// What the rounds of a loop change is not known in any of them.
    fn forget_changed(&mut self, body: &'a [Stmt]) {
        let mut changed = Changed::default();
        changed.visit_body(body);
        let scope = self.scope().clone();
        for name in changed.bound {
            if scope.variables.borrow().get(name).is_some() {
                self.set_variable(&scope, name, Some(Value::Unknown));
            }
        }
        for name in changed.used {
            match self.lookup(name) {
                Some(Value::List(items)) => {
                    self.touch_items(&items);
                    items.more.set(true);
                }
                Some(Value::Set(dict) | Value::Dict(dict)) => {
                    self.touch_dict(&dict);
                    dict.more.set(true);
                }
                _ => {}
            }
        }
    }

    /// Any item of something that is not known.
    pub(super) fn element(&mut self, iterable: &Value<'a>, written: &'a Expr) -> Value<'a> {
        match iterable {
            Value::Term(_) => {
                let place = self.place(written);
                self.term(TermKind::Element(iterable.clone()), place)
            }
            _ => Value::Unknown,
        }
    }

    /// The values that iterating gives; `None` when nothing is known of them.
    pub(super) fn iterate(&mut self, value: &Value<'a>) -> Option<Iterated<'a>> {
        let res = match value {
            Value::List(items) => Iterated { values: items.values.borrow().clone(), more: items.more.get() },
            Value::Tuple(values) => return Iterated::all(values.to_vec()),
            Value::Set(dict) | Value::Dict(dict) => Iterated { values: dict.keys(), more: dict.more.get() },
            Value::Str(text) if text.len() <= self.limits.items => {
                return Iterated::all(text.chars().map(|c| Value::text(c.to_string())).collect());
            }
            Value::Class(class) => {
                let members = class.members()?.iter().filter(|member| !member.alias);
                return Iterated::all(members.map(|member| member.instance.clone()).collect());
            }
            Value::Instance(instance) => {
                if let Some(fields) = self.named_tuple(instance) {
                    return Iterated::all(fields);
                }
                let method = self.own_attribute(value, "__iter__")?;
                let place = instance.place;
                let given = self.call(&method, Default::default(), place);
                match given {
                    Value::List(_) | Value::Tuple(_) => return self.iterate(&given),
                    _ => return None,
                }
            }
            _ => return None,
        };
        self.spend(res.values.len() / 8);
        Some(res)
    }
}

/// What the statements of a loop's body bind, and what they may change without binding it.
#[derive(Default)]
struct Changed<'a> {
    bound: Vec<&'a str>,
    used: Vec<&'a str>,
}

impl<'a> Visitor<'a> for Changed<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            _ => walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx != ExprContext::Load => self.bound.push(name.id.as_str()),
            Expr::Call(call) => {
                if let Expr::Attribute(attribute) = &*call.func
                    && let Expr::Name(name) = &*attribute.value
                {
                    self.used.push(name.id.as_str());
                }
            }
            Expr::Subscript(subscript) if subscript.ctx != ExprContext::Load => {
                if let Expr::Name(name) = &*subscript.value {
                    self.used.push(name.id.as_str());
                }
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}
