//! Functions: defined, given their arguments, entered.

use std::cell::OnceCell;
use std::rc::Rc;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{self as ast, Expr, Stmt};

use super::branch::{Flow, Until};
use super::dict::Dict;
use super::scope::{Kind, Scope};
use super::statement::Managed;
use super::value::{Arguments, Body, Function, Place, Role, TermKind, Text, Value};
use super::{Frame, Run, span};
use crate::source::Span;

impl<'a> Run<'_, 'a> {
    pub(super) fn define(&mut self, definition: &'a ast::StmtFunctionDef) -> Value<'a> {
        let at = span(&definition.name);
        let (parameters, body) = (&*definition.parameters, Body::Statements(&definition.body));
        let returns = definition.returns.as_deref();
        self.function(definition.name.as_str(), at, Some(parameters), returns, body, &definition.decorator_list)
    }

    pub(super) fn function(
        &mut self,
        name: &'a str,
        at: Span,
        parameters: Option<&'a ast::Parameters>,
        returns: Option<&'a Expr>,
        body: Body<'a>,
        decorators: &'a [ast::Decorator],
    ) -> Value<'a> {
        let mut defaults = Vec::new();
        if let Some(parameters) = parameters {
            for parameter in parameters.iter_non_variadic_params() {
                if let Some(default) = &parameter.default {
                    let value = self.evaluate(default);
                    defaults.push((parameter.parameter.name.as_str(), value));
                }
            }
        }
        let is_generator = match body {
            Body::Statements(statements) => yields(statements),
            Body::Expression(_) => false,
        };
        let place = Place { module: self.scope().module, span: at };
        // a function does not see the names of the class that holds it
        let mut scope = self.scope().clone();
        while let (Kind::Class, Some(outer)) = (&scope.kind, &scope.parent) {
            scope = outer.clone();
        }
        let mut function = Function {
            name,
            place,
            parameters,
            returns,
            body,
            defaults: defaults.into(),
            scope,
            owner: Rc::new(OnceCell::new()),
            role: Role::Plain,
            receiver: None,
            is_generator,
            decorators: [].into(),
        };
        if decorators.is_empty() {
            return Value::Function(Rc::new(function));
        }
        let values: Vec<Value<'a>> = decorators.iter().map(|decorator| self.evaluate(&decorator.expression)).collect();
        for decorator in &values {
            function.role = match decorator {
                Value::Builtin("staticmethod") => Role::Static,
                Value::Builtin("classmethod") => Role::Class,
                Value::Builtin("property") => Role::Property,
                decorator => match decorator.as_name() {
                    Some("contextlib.contextmanager" | "contextlib.asynccontextmanager") => Role::Manager,
                    Some(name) if name.ends_with("cached_property") || name == "abc.abstractproperty" => Role::Property,
                    _ => continue,
                },
            };
        }
        let (own, outside): (Vec<_>, Vec<_>) =
            values.into_iter().partition(|decorator| matches!(decorator, Value::Function(_)));
        function.decorators = outside.into();
        let mut res = Value::Function(Rc::new(function));
        for decorator in own.into_iter().rev() {
            let decorated = self.call(&decorator, Arguments::of([res.clone()]), place);
            // a wrapper that is not understood is taken to call what it wraps
            if matches!(decorated, Value::Function(_) | Value::Class(_) | Value::Instance(_)) {
                res = decorated;
            }
        }
        res
    }

    pub(super) fn evaluate_call(&mut self, call: &'a ast::ExprCall) -> Value<'a> {
        let place = self.place(call);
        if let Expr::Attribute(attribute) = &*call.func {
            let object = self.evaluate(&attribute.value);
            if is_plain(&object) {
                let arguments = self.arguments(&call.arguments);
                return self.call_method(&object, attribute.attr.as_str(), arguments, place);
            }
            let at = self.place(attribute);
            let callee = self.attribute(&object, &Text::from(attribute.attr.as_str()), at);
            let arguments = self.arguments(&call.arguments);
            return self.call(&callee, arguments, place);
        }
        let callee = self.evaluate(&call.func);
        let arguments = self.arguments(&call.arguments);
        self.call(&callee, arguments, place)
    }

    pub(super) fn call(&mut self, callee: &Value<'a>, arguments: Arguments<'a>, place: Place<'a>) -> Value<'a> {
        if !self.spend(1) {
            return Value::Unknown;
        }
        self.calls.push(place);
        let res = self.called(callee, arguments, place);
        self.calls.pop();
        res
    }

    fn called(&mut self, callee: &Value<'a>, arguments: Arguments<'a>, place: Place<'a>) -> Value<'a> {
        match callee {
            Value::Function(function) => {
                if function.role == Role::Manager {
                    return Value::Manager(Rc::new((function.clone(), arguments)));
                }
                self.enter_function(function, arguments, None).0
            }
            Value::Builtin(name) => self.call_builtin(name, arguments, place),
            Value::Method(method) => self.call_method(&method.0, &method.1, arguments, place),
            Value::Class(class) => self.construct(class, arguments, place),
            Value::Instance(_) => match self.own_attribute(callee, "__call__") {
                Some(method) => self.call(&method, arguments, place),
                None => Value::Unknown,
            },
            Value::Term(_) => self.call_outside(callee, arguments, place),
            // what is not known may change what it is given
            _ => {
                self.give_away(&arguments);
                Value::Unknown
            }
        }
    }

    fn call_outside(&mut self, callee: &Value<'a>, arguments: Arguments<'a>, place: Place<'a>) -> Value<'a> {
        if let Some((function, arguments)) = of_partial(callee, &arguments) {
            return self.call(&function, arguments, place);
        }
        if let Some(found) = self.call_regular(callee, &arguments) {
            return found;
        }
        if let Some(name) = callee.as_name() {
            match name {
                "textwrap.dedent" | "inspect.cleandoc" => {
                    if let Some((text, _)) = arguments.positional.first() {
                        return self.dedented(name, &text.clone());
                    }
                }
                "functools.partial" if !arguments.positional.is_empty() => {
                    if let Some(partial) = self.partial(&arguments) {
                        return partial;
                    }
                }
                "typing.cast" => {
                    if let Some((value, _)) = arguments.positional.get(1) {
                        return value.clone();
                    }
                }
                "collections.OrderedDict" if !arguments.more => return self.call_builtin("dict", arguments, place),
                _ => {}
            }
        }
        self.term(TermKind::Call { callee: callee.clone(), arguments }, place)
    }

    /// `functools.partial(function, …)` of a function of the project.
    fn partial(&mut self, arguments: &Arguments<'a>) -> Option<Value<'a>> {
        let (function, _) = arguments.positional.first()?;
        let function = Self::as_function(function)?;
        let names = function.parameters?.iter_non_variadic_params().map(|parameter| parameter.name().as_str());
        let mut defaults = function.defaults.to_vec();
        let given = &arguments.positional[1..];
        if !given.is_empty() || arguments.more {
            return None;
        }
        for name in names {
            if let Some(value) = arguments.keyword(name) {
                defaults.retain(|(known, _)| *known != name);
                defaults.push((name, value));
            }
        }
        Some(Value::Function(Rc::new(Function { defaults: defaults.into(), ..function.copy() })))
    }

    /// Runs a function; the body of a `with` it manages is run where it yields, and given back.
    pub(super) fn enter_function(
        &mut self,
        function: &Rc<Function<'a>>,
        arguments: Arguments<'a>,
        managed: Option<Managed<'a>>,
    ) -> (Value<'a>, Option<Managed<'a>>) {
        if self.n_calls >= self.limits.calls {
            self.exhaust();
            return (Value::Unknown, managed);
        }
        if self.recurses_without_end(function) {
            self.give_away(&arguments);
            return (Value::Unknown, managed);
        }
        let scope = Scope::new(function.place.module, Kind::Function, Some(function.scope.clone()));
        let receiver = function.receiver.clone();
        self.bind_parameters(&scope, function, receiver.clone(), arguments);
        let first = receiver.or_else(|| self.first_parameter(&scope, function));
        let frame = Frame { function: Some((function.clone(), first)), managed, ..Frame::new(scope) };
        let n_journals = self.journals.len();
        self.frames.push(Frame { n_journals, ..frame });
        self.interpreter.n_calls += 1;
        let value = match function.body {
            Body::Expression(body) => self.evaluate(body),
            Body::Statements(body) => {
                let flow = self.execute(body);
                self.close_guards(0, Until::Return);
                self.result(function, flow)
            }
        };
        self.interpreter.n_calls -= 1;
        let managed = self.frames.pop().and_then(|frame| frame.managed);
        (value, managed)
    }

    /// A function that calls itself under a condition that is not known does so any number of times: twice is enough, as a
    /// loop over something unknown is told once.
    fn recurses_without_end(&self, function: &Rc<Function<'a>>) -> bool {
        let n_journals = self.journals.len();
        let is_it = |frame: &&Frame<'a>| match (&frame.function, &frame.scope.kind) {
            (Some((running, _)), Kind::Function) => {
                running.place.span == function.place.span
                    && std::ptr::eq(running.place.module, function.place.module)
                    && frame.n_journals < n_journals
            }
            _ => false,
        };
        self.frames.iter().filter(is_it).count() >= 2
    }

    /// What is done with these is not known.
    fn give_away(&mut self, arguments: &Arguments<'a>) {
        let positional = arguments.positional.iter().map(|(value, _)| value);
        for value in positional.chain(arguments.keywords.iter().map(|(_, value, _)| value)) {
            match value {
                Value::List(items) => {
                    self.touch_items(items);
                    items.values.borrow_mut().clear();
                    items.more.set(true);
                }
                Value::Dict(dict) | Value::Set(dict) => {
                    self.touch_dict(dict);
                    self.open(dict);
                }
                _ => {}
            }
        }
    }

    /// What a call gives whose body ended so.
    fn result(&mut self, function: &Function<'a>, flow: Flow<'a>) -> Value<'a> {
        let frame = self.frame();
        let (returned, yielded, more) =
            (std::mem::take(&mut frame.returned), std::mem::take(&mut frame.yielded), frame.yielded_more);
        if function.is_generator {
            return if more { Value::open_list(yielded) } else { Value::list(yielded) };
        }
        let last = match flow {
            Flow::Return(value) => Some(value),
            Flow::Raise if !returned.is_empty() || self.exhausted => None,
            Flow::Raise => return Value::Unknown,
            Flow::Next | Flow::Break | Flow::Continue => Some(Value::None),
        };
        let mut values = returned.into_iter().chain(last);
        let first = values.next().unwrap_or(Value::Unknown);
        values.fold(first, Value::joined)
    }

    fn first_parameter(&self, scope: &Rc<Scope<'a>>, function: &Function<'a>) -> Option<Value<'a>> {
        let first = function.parameters?.iter_non_variadic_params().next()?;
        scope.variables.borrow().get(first.name().as_str()).cloned()
    }

    fn bind_parameters(
        &mut self,
        scope: &Rc<Scope<'a>>,
        function: &Function<'a>,
        receiver: Option<Value<'a>>,
        arguments: Arguments<'a>,
    ) {
        let Some(parameters) = function.parameters else { return };
        let Arguments { positional, keywords, more } = arguments;
        let mut positional = receiver.into_iter().chain(positional.into_iter().map(|(value, _)| value));
        let mut keywords: Vec<Option<(Text<'a>, Value<'a>)>> =
            keywords.into_iter().map(|(name, value, _)| Some((name, value))).collect();
        let mut variables = scope.variables.borrow_mut();
        let n_positional = parameters.posonlyargs.len() + parameters.args.len();
        for (at, parameter) in parameters.iter_non_variadic_params().enumerate() {
            let name = parameter.name().as_str();
            let given = if at < n_positional { positional.next() } else { None };
            let named = || {
                let slot = keywords.iter_mut().find(|slot| slot.as_ref().is_some_and(|(known, _)| **known == *name))?;
                slot.take().map(|(_, value)| value)
            };
            let value = given.or_else(named).or_else(|| {
                let default = function.defaults.iter().find(|(known, _)| *known == name);
                default.filter(|_| !more).map(|(_, value)| value.clone())
            });
            variables.set(name, Some(value.unwrap_or(Value::Unknown)));
        }
        if let Some(rest) = &parameters.vararg {
            let rest_values: Vec<Value<'a>> = positional.collect();
            let value = if more { Value::open_list(rest_values) } else { Value::tuple(rest_values) };
            variables.set(rest.name.as_str(), Some(value));
        }
        if let Some(rest) = &parameters.kwarg {
            let dict = Dict::default();
            dict.more.set(more);
            for (name, value) in keywords.into_iter().flatten() {
                dict.insert_text(name, value);
            }
            variables.set(rest.name.as_str(), Some(Value::Dict(dict.into())));
        }
    }
}

impl<'a> Function<'a> {
    pub(super) fn copy(&self) -> Function<'a> {
        Function {
            defaults: self.defaults.clone(),
            scope: self.scope.clone(),
            owner: self.owner.clone(),
            receiver: self.receiver.clone(),
            decorators: self.decorators.clone(),
            ..*self
        }
    }

    /// The method as an attribute of this object or class.
    pub(super) fn bound(&self, receiver: Value<'a>) -> Value<'a> {
        Value::Function(Rc::new(Function { receiver: Some(receiver), ..self.copy() }))
    }

    /// The names of the parameters that can be given by position, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &'a str> {
        let positional = self.parameters.map(|parameters| parameters.posonlyargs.iter().chain(&parameters.args));
        positional.into_iter().flatten().map(|parameter| parameter.name().as_str())
    }
}

/// What a call of `functools.partial(function, …)` calls, and with what.
fn of_partial<'a>(callee: &Value<'a>, given: &Arguments<'a>) -> Option<(Value<'a>, Arguments<'a>)> {
    let TermKind::Call { callee, arguments } = &callee.as_term()?.kind else { return None };
    if callee.as_name() != Some("functools.partial") {
        return None;
    }
    let ((function, _), first) = arguments.positional.split_first()?;
    let mut res = Arguments { more: arguments.more || given.more, ..Arguments::default() };
    res.positional.extend(first.iter().chain(&given.positional).cloned());
    let is_given = |name: &Text<'a>| given.keywords.iter().any(|(known, ..)| known == name);
    res.keywords.extend(arguments.keywords.iter().filter(|(name, ..)| !is_given(name)).cloned());
    res.keywords.extend(given.keywords.iter().cloned());
    Some((function.clone(), res))
}

/// Plain values have methods that are Python's own.
pub(super) fn is_plain(value: &Value<'_>) -> bool {
    match value {
        Value::Str(_) | Value::Bytes(_) | Value::List(_) | Value::Tuple(_) | Value::Set(_) | Value::Dict(_) => true,
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => true,
        Value::Term(term) => matches!(term.kind, TermKind::Format(_)),
        _ => false,
    }
}

/// Whether a body holds a `yield` of its own.
fn yields(body: &[Stmt]) -> bool {
    struct Search(bool);
    impl Visitor<'_> for Search {
        fn visit_stmt(&mut self, statement: &Stmt) {
            if !self.0 && !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                walk_stmt(self, statement);
            }
        }

        fn visit_expr(&mut self, expression: &Expr) {
            match expression {
                Expr::Yield(_) | Expr::YieldFrom(_) => self.0 = true,
                Expr::Lambda(_) => {}
                _ if !self.0 => walk_expr(self, expression),
                _ => {}
            }
        }
    }
    let mut search = Search(false);
    search.visit_body(body);
    search.0
}
