//! Plain statements, assignments and `with`.

use std::rc::Rc;

use ruff_python_ast::{self as ast, Expr, Stmt};

use super::branch::{Flow, Guard};
use super::import::imported_name;
use super::scope::{Kind, Scope};
use super::value::{Arguments, Function, TermKind, Text, Value};
use super::{Block, Frame, Run};

/// The body of a `with` whose context manager is a generator of the project: it runs where the generator yields.
pub(super) struct Managed<'a> {
    target: Option<&'a Expr>,
    items: &'a [ast::WithItem],
    body: &'a [Stmt],
    /// How the body ended; `None` before it has run.
    flow: Option<Flow<'a>>,
    /// The guards under which the code after the `with` runs.
    reopen: Vec<Guard<'a>>,
}

impl<'a> Run<'_, 'a> {
    pub(super) fn execute(&mut self, statements: &'a [Stmt]) -> Flow<'a> {
        for statement in statements {
            if !self.spend(1) {
                return Flow::Raise;
            }
            match self.deeper(|run| run.execute_one(statement)) {
                Some(Flow::Next) => {}
                Some(left) => return left,
                None => return Flow::Raise,
            }
        }
        Flow::Next
    }

    /// Goes a level deeper, unless that is too deep.
    pub(super) fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= self.limits.depth {
            self.exhaust();
            return None;
        }
        self.interpreter.depth += 1;
        let res = work(self);
        self.interpreter.depth -= 1;
        Some(res)
    }

    fn execute_one(&mut self, statement: &'a Stmt) -> Flow<'a> {
        match statement {
            Stmt::Expr(expression) => drop(self.evaluate(&expression.value)),
            Stmt::Assign(assign) => {
                let value = self.evaluate(&assign.value);
                for target in &assign.targets {
                    self.assign(target, value.clone());
                }
            }
            Stmt::AnnAssign(ast::StmtAnnAssign { target, value: Some(value), .. }) => {
                let value = self.evaluate(value);
                self.assign(target, value);
            }
            Stmt::AnnAssign(_) | Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => {}
            Stmt::AugAssign(assign) => self.augment(assign),
            Stmt::Return(ast::StmtReturn { value, .. }) => {
                let value = value.as_deref().map_or(Value::None, |value| self.evaluate(value));
                return Flow::Return(value);
            }
            Stmt::If(statement) => return self.execute_if(statement),
            Stmt::For(statement) => return self.execute_for(statement),
            Stmt::While(statement) => return self.execute_while(statement),
            Stmt::Try(statement) => return self.execute_try(statement),
            Stmt::With(statement) => return self.execute_with(&statement.items, &statement.body),
            Stmt::Match(statement) => return self.execute_match(statement),
            Stmt::Raise(statement) => {
                if let Some(raised) = &statement.exc {
                    self.evaluate(raised);
                }
                return Flow::Raise;
            }
            Stmt::Assert(statement) => return self.assert(statement),
            Stmt::Break(_) => return Flow::Break,
            Stmt::Continue(_) => return Flow::Continue,
            Stmt::FunctionDef(definition) => {
                let function = self.define(definition);
                self.bind(definition.name.as_str(), function);
            }
            Stmt::ClassDef(definition) => {
                let class = self.define_class(definition);
                self.bind(definition.name.as_str(), class);
            }
            Stmt::TypeAlias(alias) => {
                let value = self.type_alias(alias);
                self.assign(&alias.name, value);
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let value = self.import(alias);
                    self.bind(imported_name(alias), value);
                }
            }
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Delete(statement) => statement.targets.iter().for_each(|target| self.delete(target)),
            Stmt::Global(statement) => {
                let global = self.scope().global();
                for name in &statement.names {
                    self.scope().elsewhere.borrow_mut().push((name.as_str(), global.clone()));
                }
            }
            Stmt::Nonlocal(statement) => {
                for name in &statement.names {
                    if let Some(holder) = self.holder(name.as_str()) {
                        self.scope().elsewhere.borrow_mut().push((name.as_str(), holder));
                    }
                }
            }
        }
        Flow::Next
    }

    /// `type name = value`: something of its own, that stands for the value.
    fn type_alias(&mut self, alias: &'a ast::StmtTypeAlias) -> Value<'a> {
        let value = self.evaluate(&alias.value);
        let name = alias.name.as_name_expr().map_or(Value::Unknown, |name| Value::text(name.id.as_str()));
        let place = self.place(alias);
        let callee = self.term(TermKind::Name("typing.TypeAliasType".into()), place);
        self.term(TermKind::Call { callee, arguments: Arguments::of([name, value]) }, place)
    }

    /// The scope of an outer function that binds a name.
    fn holder(&self, name: &str) -> Option<Rc<Scope<'a>>> {
        let mut scope = self.scope().parent.clone();
        while let Some(outer) = scope {
            if matches!(outer.kind, Kind::Function) && outer.variables.borrow().get(name).is_some() {
                return Some(outer);
            }
            scope = outer.parent.clone();
        }
        None
    }

    /// Binds a name as an assignment in the code under way does.
    pub(super) fn bind(&mut self, name: &'a str, value: Value<'a>) {
        let scope = self.binding_scope(name);
        self.set_variable(&scope, name, Some(value));
    }

    fn binding_scope(&self, name: &str) -> Rc<Scope<'a>> {
        let scope = self.scope();
        let elsewhere = scope.elsewhere.borrow();
        match elsewhere.iter().find(|(known, _)| *known == name) {
            Some((_, scope)) => scope.clone(),
            None => scope.clone(),
        }
    }

    pub(super) fn assign(&mut self, target: &'a Expr, value: Value<'a>) {
        match target {
            Expr::Name(name) => self.bind(name.id.as_str(), value),
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                self.unpack(elts, value)
            }
            Expr::Starred(starred) => self.assign(&starred.value, value),
            Expr::Attribute(attribute) => {
                let object = self.evaluate(&attribute.value);
                self.set_attribute(&object, attribute.attr.as_str().into(), value);
            }
            Expr::Subscript(subscript) => {
                let object = self.evaluate(&subscript.value);
                let key = self.evaluate(&subscript.slice);
                self.set_item(&object, key, value);
            }
            _ => {}
        }
    }

    fn unpack(&mut self, targets: &'a [Expr], value: Value<'a>) {
        let starred = targets.iter().position(Expr::is_starred_expr);
        let Some(iterated) = self.iterate(&value).filter(|iterated| !iterated.more) else {
            for (at, target) in targets.iter().enumerate() {
                let value = match (&value, starred) {
                    (Value::Term(_), None) => {
                        let place = self.place(target);
                        self.item(&value, &Value::Int(at as i64), place)
                    }
                    _ => Value::Unknown,
                };
                self.assign(target, value);
            }
            return;
        };
        let mut values = iterated.values.into_iter();
        match starred {
            None => {
                for target in targets {
                    self.assign(target, values.next().unwrap_or(Value::Unknown));
                }
            }
            Some(at) => {
                let (before, after) = (&targets[..at], &targets[at + 1..]);
                for target in before {
                    self.assign(target, values.next().unwrap_or(Value::Unknown));
                }
                let mut middle: Vec<_> = values.collect();
                let last = middle.split_off(middle.len().saturating_sub(after.len()));
                self.assign(&targets[at], Value::list(middle));
                let mut last = last.into_iter();
                for target in after {
                    self.assign(target, last.next().unwrap_or(Value::Unknown));
                }
            }
        }
    }

    fn augment(&mut self, assign: &'a ast::StmtAugAssign) {
        let (old, key) = match &*assign.target {
            Expr::Subscript(subscript) => {
                let object = self.evaluate(&subscript.value);
                let key = self.evaluate(&subscript.slice);
                let place = self.place(&*assign.target);
                (self.item(&object, &key, place), Some((object, key)))
            }
            target => (self.evaluate(target), None),
        };
        let value = self.evaluate(&assign.value);
        let place = self.place(assign);
        let new = match self.augment_in_place(&old, assign.op, &value) {
            true => old,
            false => self.binary(assign.op, old, value, place),
        };
        match (key, &*assign.target) {
            (Some((object, key)), _) => self.set_item(&object, key, new),
            (None, target) => self.assign(target, new),
        }
    }

    fn delete(&mut self, target: &'a Expr) {
        match target {
            Expr::Name(name) => {
                let scope = self.binding_scope(name.id.as_str());
                self.set_variable(&scope, name.id.as_str(), None);
            }
            Expr::Subscript(subscript) => {
                let object = self.evaluate(&subscript.value);
                let key = self.evaluate(&subscript.slice);
                self.delete_item(&object, &key);
            }
            Expr::Attribute(attribute) => {
                let object = self.evaluate(&attribute.value);
                if let Value::Instance(instance) = &object {
                    self.touch_dict(&instance.attributes);
                    instance.attributes.remove(&Value::text(attribute.attr.as_str()));
                }
            }
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                elts.iter().for_each(|target| self.delete(target));
            }
            _ => {}
        }
    }

    fn execute_with(&mut self, items: &'a [ast::WithItem], body: &'a [Stmt]) -> Flow<'a> {
        let [item, rest @ ..] = items else { return self.execute(body) };
        let context = self.evaluate(&item.context_expr);
        let place = self.place(&item.context_expr);
        match &context {
            Value::Manager(manager) => {
                let managed = Managed {
                    target: item.optional_vars.as_deref(),
                    items: rest,
                    body,
                    flow: None,
                    reopen: Vec::new(),
                };
                let (function, arguments) = &**manager;
                let managed = self.enter_function(function, arguments.clone(), Some(managed)).1;
                match managed.and_then(|managed| Some((managed.flow?, managed.reopen))) {
                    Some((flow, guards)) => {
                        guards.into_iter().for_each(|guard| self.reopen(guard));
                        flow
                    }
                    // it never yielded, as far as is known
                    None if self.exhausted => Flow::Raise,
                    None => self.within(Block::With(Value::Unknown), |run| run.execute_with(rest, body)),
                }
            }
            Value::Instance(_) => {
                let entered = match self.own_attribute(&context, "__enter__") {
                    Some(enter) => self.call(&enter, Arguments::default(), place),
                    None => context.clone(),
                };
                if let Some(target) = &item.optional_vars {
                    self.assign(target, entered);
                }
                let flow = self.execute_with(rest, body);
                if let Some(exit) = self.own_attribute(&context, "__exit__") {
                    self.call(&exit, Arguments::of([Value::None, Value::None, Value::None]), place);
                }
                flow
            }
            _ => {
                if let Some(target) = &item.optional_vars {
                    self.assign(target, context.clone());
                }
                self.within(Block::With(context), |run| run.execute_with(rest, body))
            }
        }
    }

    /// A generator yields: what it manages runs now, else the value is kept for who iterates.
    pub(super) fn yields(&mut self, value: Value<'a>) -> Value<'a> {
        let Some(mut managed) = self.frame().managed.take_if(|managed| managed.flow.is_none()) else {
            if self.frame().yielded.len() >= self.limits.items {
                self.exhaust();
            }
            if self.journals.len() > self.frame().n_journals {
                self.frame().yielded_more = true;
            } else {
                self.frame().yielded.push(value);
            }
            return Value::Unknown;
        };
        // the body belongs to the code that holds the `with`
        let Some(own) = self.frames.pop() else { return Value::Unknown };
        let n_guards = self.frame().guards.len();
        if let Some(target) = managed.target {
            self.assign(target, value);
        }
        let flow = self.execute_with(managed.items, managed.body);
        managed.reopen = self.close_guards_for_now(n_guards);
        self.frames.push(own);
        managed.flow = Some(flow);
        self.frame().managed = Some(managed);
        Value::Unknown
    }

    /// Runs a class body or a comprehension: code in a scope of its own that is no call.
    pub(super) fn in_scope<T>(&mut self, scope: Rc<Scope<'a>>, work: impl FnOnce(&mut Self) -> T) -> T {
        let function = self.frame().function.clone();
        self.in_frame(Frame { function, ..Frame::new(scope) }, work)
    }

    /// Sets an attribute of something of the project; what is outside is not changed.
    pub(super) fn set_attribute(&mut self, object: &Value<'a>, name: Text<'a>, value: Value<'a>) {
        let attributes = match object {
            Value::Instance(instance) => &instance.attributes,
            Value::Class(class) => &class.attributes,
            Value::Module(scope) => {
                if let Text::Borrowed(name) = name {
                    self.set_variable(scope, name, Some(value));
                }
                return;
            }
            Value::Term(term) => return self.host.set(term, &name, &value),
            _ => return,
        };
        self.touch_dict(attributes);
        attributes.insert_text(name, value);
    }

    /// The function of the project that a value is.
    pub(super) fn as_function(value: &Value<'a>) -> Option<Rc<Function<'a>>> {
        match value {
            Value::Function(function) => Some(function.clone()),
            _ => None,
        }
    }
}
