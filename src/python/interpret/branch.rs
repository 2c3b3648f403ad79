//! Code that may not run: `if`, `try`, and what follows a path that left.

use ruff_python_ast::{self as ast, BoolOp, ExceptHandler, Expr, Stmt};

use super::journal::Outcome;
use super::value::{TermKind, Value};
use super::{Block, Run};

/// How code ends.
#[derive(Clone)]
pub(super) enum Flow<'a> {
    Next,
    Return(Value<'a>),
    Break,
    Continue,
    /// An exception, or no steps left.
    Raise,
}

/// Up to where a path that left skips.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Until {
    /// The end of this round of the loop.
    Continue,
    /// The end of the loop.
    Break,
    /// The end of the function.
    Return,
}

/// Code runs because a path did not leave.
pub(super) struct Guard<'a> {
    block: Block<'a>,
    until: Until,
    /// What the path that left has done, to be joined where both meet; a journal is open as long.
    left: Option<Outcome<'a>>,
}

/// Guards within guards: what lies deeper is as uncertain without more of them.
const MOST_GUARDS: usize = 40;

impl<'a> Run<'_, 'a> {
    pub(super) fn execute_if(&mut self, statement: &'a ast::StmtIf) -> Flow<'a> {
        self.choose(&statement.test, &statement.body, &statement.elif_else_clauses)
    }

    fn choose(&mut self, test: &'a Expr, body: &'a [Stmt], clauses: &'a [ast::ElifElseClause]) -> Flow<'a> {
        let condition = self.evaluate(test);
        match condition.truth() {
            Some(true) => self.execute(body),
            Some(false) => self.otherwise(clauses),
            None => self.fork(condition, &mut |run| run.execute(body), &mut |run| run.otherwise(clauses)),
        }
    }

    fn otherwise(&mut self, clauses: &'a [ast::ElifElseClause]) -> Flow<'a> {
        match clauses {
            [] => Flow::Next,
            [clause, rest @ ..] => match &clause.test {
                Some(test) => self.choose(test, &clause.body, rest),
                None => self.execute(&clause.body),
            },
        }
    }

    /// Runs what happens when a condition is true, and what happens when it is false.
    pub(super) fn fork(
        &mut self,
        condition: Value<'a>,
        then: &mut dyn FnMut(&mut Self) -> Flow<'a>,
        otherwise: &mut dyn FnMut(&mut Self) -> Flow<'a>,
    ) -> Flow<'a> {
        let (n_guards, yes) = (self.frame().guards.len(), Block::If { condition: condition.clone(), holds: true });
        self.begin_branch();
        self.host.enter(&yes);
        let first = then(self);
        let mut reopen = self.close_guards_for_now(n_guards);
        self.host.leave(&yes);
        let one = self.taken_back();

        let no = Block::If { condition: condition.clone(), holds: false };
        self.begin_branch();
        self.host.enter(&no);
        let second = otherwise(self);
        reopen.extend(self.close_guards_for_now(n_guards));
        self.host.leave(&no);

        let res = match (first, second) {
            (Flow::Next, Flow::Next) => {
                let other = self.kept();
                self.join(one, other);
                Flow::Next
            }
            (left, Flow::Next) => match self.leaving(left) {
                None => {
                    let other = self.kept();
                    self.note(one);
                    self.note(other);
                    Flow::Next
                }
                Some(until) => self.guard(no, until, Some(one)),
            },
            (Flow::Next, left) => {
                let two = self.taken_back();
                self.begin_branch();
                self.go_again(&one);
                match self.leaving(left) {
                    None => {
                        let kept = self.kept();
                        self.note(two);
                        self.note(kept);
                        Flow::Next
                    }
                    Some(until) => self.guard(yes, until, Some(two)),
                }
            }
            (first, second) => {
                let other = self.kept();
                self.join(one, other);
                self.both(first, second)
            }
        };
        for guard in reopen {
            self.reopen(guard);
        }
        res
    }

    /// Two paths that both left.
    fn both(&mut self, first: Flow<'a>, second: Flow<'a>) -> Flow<'a> {
        match (first, second) {
            (Flow::Return(a), Flow::Return(b)) => Flow::Return(a.joined(b)),
            (Flow::Raise, other) | (other, Flow::Raise) => other,
            (Flow::Return(value), other) | (other, Flow::Return(value)) => {
                self.frame().returned.push(value);
                other
            }
            (Flow::Break, _) => Flow::Break,
            (_, other) => other,
        }
    }

    /// How far a path that left skips, its value noted; `None` when nothing follows from its leaving, as with an exception.
    fn leaving(&mut self, flow: Flow<'a>) -> Option<Until> {
        match flow {
            Flow::Return(value) => {
                self.frame().returned.push(value);
                Some(Until::Return)
            }
            Flow::Break => Some(Until::Break),
            Flow::Continue => Some(Until::Continue),
            Flow::Next | Flow::Raise => None,
        }
    }

    /// From here on code runs because a path did not leave. The journal that is open stays so.
    fn guard(&mut self, block: Block<'a>, until: Until, left: Option<Outcome<'a>>) -> Flow<'a> {
        self.host.enter(&block);
        self.frame().guards.push(Guard { block, until, left });
        Flow::Next
    }

    pub(super) fn reopen(&mut self, guard: Guard<'a>) {
        if self.frame().guards.len() < MOST_GUARDS {
            self.host.enter(&guard.block);
            self.frame().guards.push(guard);
        }
    }

    /// Where the paths meet again that left until here.
    pub(super) fn close_guards(&mut self, n_guards: usize, until: Until) {
        let ends = |guard: &Guard<'a>| guard.until <= until;
        let guards = &self.frame().guards;
        let Some(first) = guards.iter().skip(n_guards).position(ends) else { return };
        let still_open = self.close_guards_for_now(n_guards + first).into_iter().filter(|guard| !ends(guard));
        for guard in still_open.collect::<Vec<_>>() {
            self.reopen(guard);
        }
    }

    /// A block ends round guards that last longer: they are to be reopened after it.
    pub(super) fn close_guards_for_now(&mut self, n_guards: usize) -> Vec<Guard<'a>> {
        let mut res = Vec::new();
        while self.frame().guards.len() > n_guards
            && let Some(guard) = self.frame().guards.pop()
        {
            self.host.leave(&guard.block);
            if let Some(left) = guard.left {
                let other = self.kept();
                self.join(left, other);
            }
            res.push(Guard { left: None, ..guard });
        }
        res.reverse();
        res
    }

    /// Runs code inside of a block.
    pub(super) fn within<T>(&mut self, block: Block<'a>, work: impl FnOnce(&mut Self) -> T) -> T {
        let n_guards = self.frame().guards.len();
        self.host.enter(&block);
        let res = work(self);
        let reopen = self.close_guards_for_now(n_guards);
        self.host.leave(&block);
        for guard in reopen {
            self.reopen(guard);
        }
        res
    }

    /// The body may stop anywhere; a handler runs after any part of it.
    pub(super) fn execute_try(&mut self, statement: &'a ast::StmtTry) -> Flow<'a> {
        let res = if statement.handlers.is_empty() {
            self.execute(&statement.body)
        } else if is_import_fallback(statement) {
            match self.execute(&statement.body) {
                Flow::Next => self.execute(&statement.orelse),
                left => left,
            }
        } else {
            self.try_and_catch(statement)
        };
        match self.execute(&statement.finalbody) {
            Flow::Next => res,
            left => left,
        }
    }

    fn try_and_catch(&mut self, statement: &'a ast::StmtTry) -> Flow<'a> {
        self.begin_branch();
        let mut flow = self.within(Block::Try, |run| run.execute(&statement.body));
        let body = self.taken_back();
        let mut caught = Vec::new();
        for ExceptHandler::ExceptHandler(handler) in &statement.handlers {
            self.begin_branch();
            // a handler meets what was before, or any part of what the body did
            self.blur(&body);
            let flow = self.within(Block::Except, |run| {
                if let Some(name) = &handler.name {
                    run.bind(name.as_str(), Value::Unknown);
                }
                run.execute(&handler.body)
            });
            let outcome = self.taken_back();
            match flow {
                Flow::Raise => self.note(outcome),
                flow => caught.push((flow, outcome)),
            }
        }
        self.begin_branch();
        self.go_again(&body);
        self.note(body);
        if matches!(flow, Flow::Next) && !statement.orelse.is_empty() {
            flow = match caught.is_empty() {
                true => self.execute(&statement.orelse),
                false => self.within(Block::Try, |run| run.execute(&statement.orelse)),
            };
        }
        let mut other = self.kept();
        for (handled, outcome) in caught {
            self.join(outcome, other);
            self.begin_branch();
            other = self.kept();
            flow = self.after_handler(flow, handled);
        }
        self.note(other);
        flow
    }

    /// The body ended in one way, or stopped and a handler ended in another.
    fn after_handler(&mut self, body: Flow<'a>, handler: Flow<'a>) -> Flow<'a> {
        match (body, handler) {
            (Flow::Next, Flow::Next) => Flow::Next,
            (Flow::Next, left) | (left, Flow::Next) => match self.leaving(left) {
                None => Flow::Next,
                Some(until) => {
                    self.reopen(Guard {
                        block: Block::If { condition: Value::Unknown, holds: true },
                        until,
                        left: None,
                    });
                    Flow::Next
                }
            },
            (body, handler) => self.both(body, handler),
        }
    }

    pub(super) fn assert(&mut self, statement: &'a ast::StmtAssert) -> Flow<'a> {
        match self.evaluate(&statement.test).truth() {
            Some(false) => Flow::Raise,
            _ => Flow::Next,
        }
    }

    /// `a if test else b`
    pub(super) fn conditional(&mut self, expression: &'a ast::ExprIf) -> Value<'a> {
        let condition = self.evaluate(&expression.test);
        match condition.truth() {
            Some(true) => self.evaluate(&expression.body),
            Some(false) => self.evaluate(&expression.orelse),
            None => {
                let (mut value, mut other) = (Value::Unknown, Value::Unknown);
                self.fork(
                    condition.clone(),
                    &mut |run| {
                        value = run.evaluate(&expression.body);
                        Flow::Next
                    },
                    &mut |run| {
                        other = run.evaluate(&expression.orelse);
                        Flow::Next
                    },
                );
                if value.same(&other) {
                    return value;
                }
                let place = self.place(expression);
                self.term(TermKind::Choice { condition, value, other }, place)
            }
        }
    }

    /// `a and b`, `a or b`
    pub(super) fn bool_op(&mut self, expression: &'a ast::ExprBoolOp) -> Value<'a> {
        let (decides, mut open) = (expression.op == BoolOp::Or, Vec::new());
        for (at, operand) in expression.values.iter().enumerate() {
            let value = match open.last() {
                // what stands behind something that is not known may not be evaluated
                Some(condition) if has_effects(operand) => {
                    let (condition, mut value): (Value<'a>, _) = (Value::clone(condition), Value::Unknown);
                    let mut evaluate = |run: &mut Self| {
                        value = run.evaluate(operand);
                        Flow::Next
                    };
                    let mut nothing = |_: &mut Self| Flow::Next;
                    match decides {
                        true => self.fork(condition, &mut nothing, &mut evaluate),
                        false => self.fork(condition, &mut evaluate, &mut nothing),
                    };
                    value
                }
                _ => self.evaluate(operand),
            };
            let is_last = at + 1 == expression.values.len();
            match value.truth() {
                Some(truth) if truth == decides && open.is_empty() => return value,
                Some(truth) if truth == decides => {
                    open.push(value);
                    break;
                }
                Some(_) if is_last && open.is_empty() => return value,
                // it decides nothing, and is the result only when it comes last
                Some(_) if !is_last || matches!(value, Value::Bool(_)) => {}
                _ => open.push(value),
            }
        }
        match open.len() {
            1 => open.remove(0),
            _ => {
                let place = self.place(expression);
                self.term(TermKind::BoolOp(expression.op, open), place)
            }
        }
    }
}

/// A `try` whose handlers catch what a missing module raises: the module is taken to be there.
pub(super) fn is_import_fallback(statement: &ast::StmtTry) -> bool {
    let imports = statement.body.iter().any(|statement| matches!(statement, Stmt::Import(_) | Stmt::ImportFrom(_)));
    imports
        && statement.handlers.iter().all(|ExceptHandler::ExceptHandler(handler)| {
            let names = |name: &str| matches!(name, "ImportError" | "ModuleNotFoundError");
            match handler.type_.as_deref() {
                Some(Expr::Name(name)) => names(name.id.as_str()),
                Some(Expr::Tuple(tuple)) => {
                    tuple.elts.iter().any(|name| name.as_name_expr().is_some_and(|name| names(name.id.as_str())))
                }
                _ => false,
            }
        })
}

/// Whether evaluating it may do anything.
fn has_effects(expression: &Expr) -> bool {
    match expression {
        Expr::Call(_) | Expr::Await(_) | Expr::Named(_) | Expr::Yield(_) | Expr::YieldFrom(_) => true,
        Expr::Compare(compare) => has_effects(&compare.left) || compare.comparators.iter().any(has_effects),
        Expr::UnaryOp(unary) => has_effects(&unary.operand),
        Expr::BoolOp(op) => op.values.iter().any(has_effects),
        Expr::Subscript(subscript) => has_effects(&subscript.value),
        Expr::Attribute(attribute) => has_effects(&attribute.value),
        _ => false,
    }
}
