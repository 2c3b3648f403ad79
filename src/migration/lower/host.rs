//! Which calls are operations, and the blocks they stand in.

use std::collections::HashMap;
use std::rc::Rc;

use super::Dialect;
use super::arguments::Target;
use super::guard;
use crate::python::interpret::{Arguments, Block, Host, Interpreter, ParsedModule, Scope, Term, TermKind, Value};
use crate::schema::{Action, Guard, Op, Touches};
use crate::source::Span;
use crate::sqlalchemy::{self, Family, Naming, Reader, call_of, known};

/// A revision while it is lowered.
pub(super) struct Lowering<'a> {
    pub script: &'a ParsedModule,
    pub dialect: Dialect,
    naming: Rc<Naming>,
    /// The names of the revision's module, once its top level has run; nothing before that is an operation.
    pub scope: Option<Rc<Scope<'a>>>,
    ops: Vec<Op>,
    /// Of each block that is open: its guards, and how many operations there were when their conditions were looked up.
    guards: Vec<(Vec<Guard>, usize)>,
    /// How many operations there were when the database was asked something.
    asked: HashMap<*const Term<'a>, usize>,
    /// Of each `batch_alter_table` block that is open: its operations run at its end.
    batches: Vec<(Rc<Term<'a>>, Vec<Op>)>,
    /// What has asked the database, kept alive since it is known by its address.
    kept: Vec<Rc<Term<'a>>>,
    /// `Table(…)`s made by the code.
    pub tables: Vec<Rc<Term<'a>>>,
    n_calls: usize,
    n_known: usize,
}

/// What a call came to: what it does, each at a place of its own or that of the call.
pub(super) type Actions = Vec<(Action, Option<Span>, Vec<Guard>)>;

/// Something that happens where the call is.
pub(super) fn one(action: Action) -> Actions {
    vec![(action, None, Vec::new())]
}

impl<'a> Lowering<'a> {
    pub fn new(script: &'a ParsedModule, dialect: Dialect, naming: Rc<Naming>) -> Self {
        Lowering {
            script,
            dialect,
            naming,
            scope: None,
            ops: Vec::new(),
            guards: Vec::new(),
            asked: HashMap::new(),
            batches: Vec::new(),
            kept: Vec::new(),
            tables: Vec::new(),
            n_calls: 0,
            n_known: 0,
        }
    }

    /// The module has been imported: from now on what is called counts.
    pub fn begin(&mut self, scope: Rc<Scope<'a>>) {
        self.scope = Some(scope);
    }

    pub fn take(&mut self) -> Vec<Op> {
        self.guards.clear();
        while let Some((_, ops)) = self.batches.pop() {
            self.ops.extend(ops);
        }
        std::mem::take(&mut self.ops)
    }

    pub fn n_calls(&self) -> (usize, usize) {
        (self.n_calls, self.n_known)
    }

    pub fn push(&mut self, action: Action, span: Span) {
        let guards = self.guards(Vec::new());
        self.ops.push(Op { action, span, guards });
    }

    /// The conditions of all open blocks, and more. Where the object that was asked for has been changed since, the answer
    /// of then counts, which says nothing of now.
    fn guards(&mut self, more: Vec<Guard>) -> Vec<Guard> {
        let mut res: Vec<Guard> = Vec::new();
        for (guards, since) in &mut self.guards {
            for guard in guards {
                if let Guard::Exists { object, .. } = &*guard
                    && self.ops.iter().skip(*since).any(|op| guard::changes(&op.action, object))
                {
                    *guard = Guard::Unknown;
                }
                if !res.contains(guard) {
                    res.push(guard.clone());
                }
            }
            *since = self.ops.len();
        }
        for guard in more {
            if !res.contains(&guard) {
                res.push(guard);
            }
        }
        res
    }

    pub fn reader<'r>(&'r mut self, interpreter: &'r mut Interpreter<'a>, naming: &'r Naming) -> Reader<'r, 'a> {
        Reader::new(interpreter, self, naming)
    }

    pub fn naming(&self) -> Rc<Naming> {
        self.naming.clone()
    }

    /// Notes what a call does; `batch` is the block that it belongs to.
    fn emit(&mut self, actions: Actions, span: Span, batch: Option<&Rc<Term<'a>>>) {
        for (action, own, guards) in actions {
            let op = Op { action, span: own.unwrap_or(span), guards: self.guards(guards) };
            let waiting = batch.and_then(|batch| {
                self.batches.iter_mut().rev().find(|(open, _)| Rc::ptr_eq(open, batch)).map(|(_, ops)| ops)
            });
            waiting.unwrap_or(&mut self.ops).push(op);
        }
    }

    fn call(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        term: &Rc<Term<'a>>,
        callee: &Value<'a>,
        arguments: &Arguments<'a>,
    ) -> Option<Value<'a>> {
        if let Some((Family::SqlAlchemy, "Table")) = known(callee) {
            self.tables.push(term.clone());
            return None;
        }
        if let Some(value) = guard::answer_call(callee, self.dialect) {
            return Some(value);
        }
        self.scope.as_ref()?;
        let (target, method) = Target::of(callee)?;
        let (actions, counts, batch) = match &target {
            Target::Operations => {
                let actions = self.directive(interpreter, method, arguments, None, term)?;
                (actions, true, None)
            }
            Target::Batch(batch) => {
                let actions = self.directive(interpreter, method, arguments, Some(batch), term)?;
                (actions, true, Some(batch.clone()))
            }
            Target::Object(object) => match method {
                "execute" | "exec_driver_sql" | "scalar" | "scalars" | "executemany" => {
                    let actions = self.execute_on(interpreter, object.as_ref(), method, arguments, term)?;
                    (actions, method.starts_with("exec"), None)
                }
                "create" | "drop" => {
                    (self.create_or_drop(interpreter, object.as_ref()?, method, arguments)?, true, None)
                }
                "create_all" | "drop_all" => {
                    let actions = self.create_all(interpreter, object.as_ref(), callee, method)?;
                    (actions, true, None)
                }
                // older versions of SQLAlchemy leave the transaction behind, newer ones refuse
                "execution_options" if guard::is_autocommit(arguments) && guard::is_bind(object.as_ref()?) => {
                    (one(Action::Commit), false, None)
                }
                "commit" if guard::is_connection(object.as_ref()?) => (one(Action::Commit), false, None),
                _ => (self.unknown_call(callee, arguments)?, false, None),
            },
        };
        if counts {
            self.n_calls += 1;
            let is_unknown =
                |(action, ..): &(Action, Option<Span>, Vec<Guard>)| matches!(action, Action::Unknown { .. });
            self.n_known += usize::from(!actions.iter().any(is_unknown));
        }
        let span = self.span(interpreter, term.place);
        self.emit(actions, span, batch.as_ref());
        None
    }

    /// A function of an unknown library that is handed the means to change the schema.
    fn unknown_call(&self, callee: &Value<'a>, arguments: &Arguments<'a>) -> Option<Actions> {
        const HARMLESS: [&str; 22] = [
            "sqlalchemy",
            "sqlmodel",
            "flask_sqlalchemy",
            "sqlalchemy_utils",
            "geoalchemy2",
            "logging",
            "json",
            "os",
            "pandas",
            "psycopg2",
            "psycopg",
            "contextlib",
            "functools",
            "typing",
            "click",
            "tqdm",
            "progressbar",
            "re",
            "itertools",
            "alembic",
            "builtins",
            "collections",
        ];
        let path = callee.as_name()?;
        let root = path.split('.').next()?;
        let given = arguments
            .positional
            .iter()
            .map(|(value, _)| value)
            .chain(arguments.keywords.iter().map(|(_, value, _)| value));
        let mut given = given.filter(|value| value.as_name() == Some("alembic.op") || guard::is_connection(value));
        if HARMLESS.contains(&root)
            || given.next().is_none()
            || path.ends_with("Session")
            || path.ends_with("sessionmaker")
        {
            return None;
        }
        Some(one(Action::Unknown { text: path.to_owned(), touches: Touches::Anything }))
    }
}

impl<'a> Host<'a> for Lowering<'a> {
    fn resolve(&mut self, interpreter: &mut Interpreter<'a>, term: &Rc<Term<'a>>) -> Option<Value<'a>> {
        if let Some(value) = sqlalchemy::resolve(term) {
            return Some(value);
        }
        if guard::asks_the_database(term) {
            self.asked.insert(Rc::as_ptr(term), self.ops.len());
            self.kept.push(term.clone());
        }
        match &term.kind {
            // an object made when it is first used: as good as made now
            TermKind::Call { callee, arguments } if callee.as_name() == Some("lazy_object_proxy.Proxy") => {
                let make = arguments.get(0, "factory")?;
                Some(interpreter.call(self, &make, Arguments::default(), term.place))
            }
            TermKind::Call { callee, arguments } => self.call(interpreter, term, callee, arguments),
            TermKind::Name(_) | TermKind::Attribute(..) => guard::answer(term, self.dialect),
            _ => None,
        }
    }

    fn enter(&mut self, block: &Block<'a>) {
        let guards = match block {
            Block::If { condition, holds } => guard::guards(condition, *holds),
            Block::Try | Block::Except | Block::Loop => vec![Guard::Unknown],
            Block::With(value) => {
                if let Some((Target::Operations, "batch_alter_table")) =
                    call_of(value).and_then(|(callee, _)| Target::of(callee))
                    && let Value::Term(term) = value
                {
                    self.batches.push((term.clone(), Vec::new()));
                } else if is_autocommit(value) && self.scope.is_some() {
                    self.push(Action::EnterAutocommit, self.span_of(value));
                }
                Vec::new()
            }
        };
        let guards = match guard::may_be_swallowed(block) {
            true => vec![Guard::Unknown],
            false => guards,
        };
        let since = match block {
            Block::If { condition, .. } => guard::asked_at(condition, &self.asked).unwrap_or(self.ops.len()),
            _ => self.ops.len(),
        };
        self.guards.push((guards, since));
    }

    fn leave(&mut self, block: &Block<'a>) {
        self.guards.pop();
        let Block::With(Value::Term(term)) = block else { return };
        match self.batches.iter().rposition(|(open, _)| Rc::ptr_eq(open, term)) {
            Some(at) => {
                let (_, ops) = self.batches.remove(at);
                self.ops.extend(ops);
            }
            None if is_autocommit(&Value::Term(term.clone())) && self.scope.is_some() => {
                self.push(Action::LeaveAutocommit, self.span_of(&Value::Term(term.clone())));
            }
            None => {}
        }
    }
}

/// `op.get_context().autocommit_block()`
fn is_autocommit(value: &Value<'_>) -> bool {
    call_of(value).is_some_and(|(callee, _)| matches!(Target::of(callee), Some((_, "autocommit_block"))))
}
