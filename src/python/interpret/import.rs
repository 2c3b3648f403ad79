//! Imports, and modules whose top level is not run: each of their names is evaluated when it is asked for.

use std::collections::HashMap;
use std::rc::Rc;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{self as ast, Alias, Expr, ExprContext, Stmt};

use super::branch::is_import_fallback;
use super::scope::{Kind, Scope};
use super::value::{Arguments, Place, TermKind, Text, Value};
use super::{Block, Frame, Interpreter, ParsedModule, Run, span};
use crate::source::Span;

/// Which statements of a module's top level bind or change which name, in order.
#[derive(Default)]
pub(super) struct Bindings<'a> {
    of: HashMap<&'a str, Vec<Binding<'a>>>,
    stars: Vec<&'a ast::StmtImportFrom>,
}

#[derive(Clone, Copy)]
struct Binding<'a> {
    statement: &'a Stmt,
    /// It changes what the name is worth, and does not bind it.
    changes: bool,
}

/// The name that `import a.b as c` binds.
pub(super) fn imported_name(alias: &Alias) -> &str {
    match &alias.asname {
        Some(name) => name.as_str(),
        None => alias.name.as_str().split('.').next().unwrap_or_default(),
    }
}

/// Steps that any name of a module may take, be it asked for by a name that was asked for by another, and so on.
const ENOUGH: usize = 20_000;

impl<'a> Interpreter<'a> {
    /// The scope of a module; one that has not been run evaluates its names lazily.
    pub(super) fn lazy_scope(&mut self, module: &'a ParsedModule) -> Rc<Scope<'a>> {
        if let Some(scope) = self.scopes.get(&(module as *const ParsedModule)) {
            return scope.clone();
        }
        let mut bindings = Bindings::default();
        for statement in &module.statements {
            bindings.add(statement, statement);
        }
        let scope = Scope::new(module, Kind::Module(Some(Rc::new(bindings))), None);
        self.scopes.insert(module, scope.clone());
        scope
    }

    /// A module of the project; one that is not held is noted.
    fn find_module(&mut self, dotted: &str) -> Option<&'a ParsedModule> {
        let found = self.modules.module(dotted);
        if found.is_none() && !self.missing.contains(dotted) {
            self.missing.insert(dotted.to_owned());
        }
        found
    }
}

impl<'a> Interpreter<'a> {
    pub(super) fn imported_modules(&mut self, module: &'a ParsedModule) -> Vec<&'a ParsedModule> {
        let mut res = Vec::new();
        for statement in &module.statements {
            match statement {
                Stmt::Try(tried) => {
                    tried.body.iter().for_each(|statement| self.note_imports(module, statement, &mut res))
                }
                statement => self.note_imports(module, statement, &mut res),
            }
        }
        res
    }

    fn note_imports(&mut self, module: &'a ParsedModule, statement: &'a Stmt, res: &mut Vec<&'a ParsedModule>) {
        match statement {
            Stmt::Import(import) => {
                res.extend(import.names.iter().filter_map(|alias| self.modules.module(alias.name.as_str())));
            }
            Stmt::ImportFrom(import) => {
                let dotted = absolute(module, import);
                res.extend(self.modules.module(&dotted));
                for alias in &import.names {
                    res.extend(self.modules.module(&format!("{dotted}.{}", alias.name.as_str())));
                }
            }
            _ => {}
        }
    }
}

/// The dotted name that `from … import` starts with.
fn absolute(module: &ParsedModule, import: &ast::StmtImportFrom) -> String {
    let written = import.module.as_ref().map_or("", |name| name.as_str());
    if import.level == 0 {
        return written.to_owned();
    }
    let mut parts: Vec<&str> = module.name.split('.').collect();
    let n_up = import.level as usize - usize::from(module.is_package);
    parts.truncate(parts.len().saturating_sub(n_up));
    parts.extend(Some(written).filter(|written| !written.is_empty()));
    parts.join(".")
}

impl<'a> Run<'_, 'a> {
    pub(super) fn lost_classes(&mut self, scope: &Rc<Scope<'a>>) -> Vec<Span> {
        let mut res = Vec::new();
        for statement in &scope.module.statements {
            if let Stmt::ClassDef(class) = statement
                && let Some(Value::Unknown) = self.module_name(scope, class.name.as_str())
            {
                res.push(span(&class.name));
            }
        }
        res
    }

    pub(super) fn import(&mut self, alias: &'a Alias) -> Value<'a> {
        let dotted = alias.name.as_str();
        let place = self.place(alias);
        let whole = self.module_or_name(dotted, place);
        if alias.asname.is_some() {
            return whole;
        }
        match dotted.split_once('.') {
            Some((first, _)) => self.module_or_name(first, place),
            None => whole,
        }
    }

    fn module_or_name(&mut self, dotted: &str, place: Place<'a>) -> Value<'a> {
        match self.interpreter.find_module(dotted) {
            Some(module) => Value::Module(self.lazy_scope(module)),
            None => self.term(TermKind::Name(dotted.into()), place),
        }
    }

    pub(super) fn import_from(&mut self, import: &'a ast::StmtImportFrom) {
        let dotted = self.absolute(import);
        for alias in &import.names {
            if alias.name.as_str() == "*" {
                self.import_all(&dotted);
                continue;
            }
            let place = self.place(alias);
            let value = self.imported(&dotted, alias.name.as_str(), place);
            self.bind(imported_name(alias), value);
        }
    }

    fn absolute(&self, import: &'a ast::StmtImportFrom) -> String {
        absolute(self.scope().module, import)
    }

    /// `from dotted import name`
    fn imported(&mut self, dotted: &str, name: &'a str, place: Place<'a>) -> Value<'a> {
        if let Some(module) = self.interpreter.find_module(dotted) {
            let scope = self.lazy_scope(module);
            return self.member_of_module(&scope, &Text::from(name)).unwrap_or(Value::Unknown);
        }
        let dotted = format!("{dotted}.{name}");
        self.module_or_name(&dotted, place)
    }

    fn import_all(&mut self, dotted: &str) {
        let Some(module) = self.interpreter.find_module(dotted) else {
            let scope = self.scope().clone();
            scope.any_name.set(true);
            return;
        };
        let scope = self.lazy_scope(module);
        let chosen = self.module_name(&scope, "__all__").and_then(|names| self.iterate(&names));
        let names: Vec<&'a str> = match chosen {
            Some(chosen) if !chosen.more => {
                let known = |value: &Value<'a>| match value {
                    Value::Str(Text::Borrowed(name)) => Some(*name),
                    _ => None,
                };
                chosen.values.iter().filter_map(known).collect()
            }
            _ => self.public_names(&scope, 0),
        };
        for name in names {
            let value = self.module_name(&scope, name).unwrap_or(Value::Unknown);
            self.bind(name, value);
        }
    }

    fn public_names(&mut self, scope: &Rc<Scope<'a>>, depth: usize) -> Vec<&'a str> {
        let mut names: Vec<&'a str> = match &scope.kind {
            Kind::Module(Some(bindings)) => bindings.of.keys().copied().collect(),
            _ => scope.variables.borrow().iter().map(|(name, _)| name).collect(),
        };
        if let Kind::Module(Some(bindings)) = &scope.kind
            && depth < 5
        {
            for import in bindings.stars.clone() {
                if let Some(module) = self.star_module(scope, import) {
                    let inner = self.lazy_scope(module);
                    names.extend(self.public_names(&inner, depth + 1));
                }
            }
        }
        names.retain(|name| !name.starts_with('_'));
        names.sort_unstable();
        names.dedup();
        names
    }

    fn star_module(&mut self, scope: &Rc<Scope<'a>>, import: &'a ast::StmtImportFrom) -> Option<&'a ParsedModule> {
        let dotted = self.in_frame(Frame::new(scope.clone()), |run| run.absolute(import));
        self.interpreter.find_module(&dotted)
    }

    /// A name of a module, a module that lies in it, or what its `__getattr__` gives.
    pub(super) fn member_of_module(&mut self, scope: &Rc<Scope<'a>>, name: &Text<'a>) -> Option<Value<'a>> {
        if let Some(value) = self.module_name(scope, name) {
            return Some(value);
        }
        let dotted = format!("{}.{}", scope.module.name, &**name);
        if let Some(module) = self.interpreter.find_module(&dotted) {
            return Some(Value::Module(self.lazy_scope(module)));
        }
        let place = Place { module: scope.module, span: Default::default() };
        match &**name {
            "__name__" => return Some(Value::text(scope.module.name.as_str())),
            "__getattr__" => return None,
            _ => {}
        }
        let getter = self.module_name(scope, "__getattr__")?;
        Some(self.call(&getter, Arguments::of([Value::Str(name.clone())]), place))
    }

    /// What a module binds to a name.
    pub(super) fn module_name(&mut self, scope: &Rc<Scope<'a>>, name: &str) -> Option<Value<'a>> {
        if let Some(value) = scope.variables.borrow().get(name) {
            return Some(value.clone());
        }
        let Kind::Module(Some(bindings)) = &scope.kind else { return None };
        let bindings = bindings.clone();
        let Some((&name, found)) = bindings.of.get_key_value(name) else {
            return self.name_of_stars(scope, &bindings, name);
        };
        let key = (scope.module as *const ParsedModule, name);
        if self.exhausted || self.evaluating.contains(&key) {
            return Some(Value::Unknown);
        }
        // a module that is too much costs its own name, and not what asked for it
        let budget = (self.fuel / 4).max(self.fuel.min(ENOUGH));
        let kept = self.fuel - budget;
        self.interpreter.fuel = budget;
        self.interpreter.evaluating.push(key);
        // what a name of a module is does not depend on the branch in which it is asked for first
        let journals = std::mem::take(&mut self.interpreter.journals);
        let value = self.in_frame(Frame::new(scope.clone()), |run| {
            run.deeper(|run| run.evaluate_bindings(scope, name, found)).unwrap_or(Value::Unknown)
        });
        self.interpreter.journals = journals;
        self.interpreter.evaluating.pop();
        let exhausted = std::mem::take(&mut self.interpreter.exhausted);
        self.interpreter.fuel += kept;
        // who asks again when more is left gets an answer
        if exhausted && budget < self.limits.steps / 8 {
            return Some(Value::Unknown);
        }
        let value = if exhausted { Value::Unknown } else { value };
        scope.variables.borrow_mut().set(name, Some(value.clone()));
        Some(value)
    }

    fn name_of_stars(&mut self, scope: &Rc<Scope<'a>>, bindings: &Bindings<'a>, name: &str) -> Option<Value<'a>> {
        if name.starts_with("__") || bindings.stars.is_empty() {
            return None;
        }
        let mut maybe = None;
        for import in bindings.stars.iter().rev() {
            let key = (scope.module as *const ParsedModule, "*");
            if self.evaluating.iter().filter(|known| **known == key).count() > 1 {
                continue;
            }
            match self.star_module(scope, import) {
                Some(module) => {
                    let inner = self.lazy_scope(module);
                    self.interpreter.evaluating.push(key);
                    let found = self.module_name(&inner, name);
                    self.interpreter.evaluating.pop();
                    if found.is_some() {
                        return found;
                    }
                }
                // a library's names are not known; Python's own are not looked for there
                None => {
                    let dotted = self.in_frame(Frame::new(scope.clone()), |run| run.absolute(import));
                    if self.host.exports(&dotted, name) {
                        let place = Place { module: scope.module, span: span(import) };
                        return Some(self.term(TermKind::Name(format!("{dotted}.{name}").into()), place));
                    }
                    if maybe.is_none() {
                        maybe = super::builtins::named_static(name).is_none().then_some(Value::Unknown);
                    }
                }
            }
        }
        maybe
    }

    /// The last statement that binds the name, and all after it that change what it is worth.
    fn evaluate_bindings(&mut self, scope: &Rc<Scope<'a>>, name: &'a str, bindings: &[Binding<'a>]) -> Value<'a> {
        let mut value = None;
        let start = bindings.iter().rposition(|binding| !binding.changes).unwrap_or(0);
        for at in (0..=start).rev() {
            value = self.bound_by(scope, name, bindings[at].statement);
            if value.is_some() {
                break;
            }
        }
        // what only type checkers see still tells what is meant
        let mut value = value.unwrap_or_else(|| {
            let only_checked = bindings.iter().find_map(|binding| match binding.statement {
                Stmt::If(choice) => self.bound_in(scope, name, &choice.body),
                _ => None,
            });
            only_checked.unwrap_or(Value::Unknown)
        });
        for binding in &bindings[(start + 1).min(bindings.len())..] {
            let inner = Scope::new(scope.module, Kind::Comprehension, Some(scope.clone()));
            inner.variables.borrow_mut().set(name, Some(value.clone()));
            self.in_frame(Frame::new(inner.clone()), |run| {
                run.execute(std::slice::from_ref(binding.statement));
                run.close_guards_for_now(0);
            });
            value = inner.variables.borrow().get(name).cloned().unwrap_or(value);
        }
        value
    }

    /// What one statement binds to the name; `None` when it turns out not to bind it.
    fn bound_by(&mut self, scope: &Rc<Scope<'a>>, name: &'a str, statement: &'a Stmt) -> Option<Value<'a>> {
        match statement {
            Stmt::FunctionDef(definition) => return Some(self.define(definition)),
            Stmt::ClassDef(definition) => return Some(self.define_class(definition)),
            Stmt::Import(import) => {
                let alias = import.names.iter().rev().find(|alias| imported_name(alias) == name)?;
                return Some(self.import(alias));
            }
            Stmt::ImportFrom(import) => {
                let alias = import.names.iter().rev().find(|alias| imported_name(alias) == name)?;
                let (dotted, place) = (self.absolute(import), self.place(alias));
                return Some(self.imported(&dotted, alias.name.as_str(), place));
            }
            Stmt::Assign(ast::StmtAssign { targets, value, .. }) if matches!(targets.as_slice(), [Expr::Name(_)]) => {
                return Some(self.evaluate(value));
            }
            Stmt::AnnAssign(ast::StmtAnnAssign { value, .. }) => {
                let value = value.as_deref()?;
                return Some(self.evaluate(value));
            }
            Stmt::If(choice) => return self.bound_by_choice(scope, name, choice),
            Stmt::Try(tried) => {
                let mut parts = vec![&tried.finalbody, &tried.orelse, &tried.body];
                if !is_import_fallback(tried) {
                    parts.extend(tried.handlers.iter().map(|handler| {
                        let ast::ExceptHandler::ExceptHandler(handler) = handler;
                        &handler.body
                    }));
                }
                return parts.into_iter().find_map(|body| self.bound_in(scope, name, body));
            }
            _ => {}
        }
        // the names that it binds besides are bound by what comes after it, perhaps
        let inner = Scope::new(scope.module, Kind::Comprehension, Some(scope.clone()));
        self.in_frame(Frame::new(inner.clone()), |run| {
            run.execute(std::slice::from_ref(statement));
            run.close_guards_for_now(0);
        });
        inner.variables.borrow().get(name).cloned()
    }

    fn bound_by_choice(&mut self, scope: &Rc<Scope<'a>>, name: &'a str, choice: &'a ast::StmtIf) -> Option<Value<'a>> {
        let mut branches = vec![(Some(&*choice.test), &choice.body)];
        branches.extend(choice.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), &clause.body)));
        let mut possible: Option<Value<'a>> = None;
        for (test, body) in branches {
            let truth = match test {
                Some(test) => self.evaluate(test).truth(),
                None => Some(true),
            };
            if truth == Some(false) {
                continue;
            }
            let bound = match truth {
                Some(_) => self.bound_in(scope, name, body),
                None => {
                    let block = Block::If { condition: Value::Unknown, holds: true };
                    self.host.enter(&block);
                    let bound = self.bound_in(scope, name, body);
                    self.host.leave(&block);
                    bound
                }
            };
            if let Some(value) = bound {
                possible = Some(match possible {
                    Some(other) => other.joined(value),
                    None => value,
                });
            }
            if truth == Some(true) {
                break;
            }
        }
        possible
    }

    fn bound_in(&mut self, scope: &Rc<Scope<'a>>, name: &'a str, body: &'a [Stmt]) -> Option<Value<'a>> {
        let mut bindings = Bindings::default();
        for statement in body {
            bindings.add(statement, statement);
        }
        let found = bindings.of.get(name)?;
        if !found.iter().any(|binding| !binding.changes) {
            return None;
        }
        self.deeper(|run| run.evaluate_bindings(scope, name, found))
    }
}

impl<'a> Run<'_, 'a> {
    /// Evaluates the names of a lazy module, and the statements that bind none.
    pub(super) fn visit(&mut self, scope: &Rc<Scope<'a>>) {
        for statement in &scope.module.statements {
            let mut bindings = Bindings::default();
            bindings.add(statement, statement);
            if matches!(statement, Stmt::Import(_) | Stmt::ImportFrom(_) | Stmt::FunctionDef(_)) {
                continue;
            }
            let mut names: Vec<&'a str> = bindings.of.keys().copied().collect();
            names.sort_unstable();
            for name in &names {
                self.module_name(scope, name);
            }
            if names.is_empty() {
                let inner = Scope::new(scope.module, Kind::Comprehension, Some(scope.clone()));
                self.in_frame(Frame::new(inner), |run| {
                    run.execute(std::slice::from_ref(statement));
                    run.close_guards_for_now(0);
                });
            }
        }
    }
}

impl<'a> Bindings<'a> {
    /// Notes what a statement binds and changes, as being done by `whole`.
    fn add(&mut self, statement: &'a Stmt, whole: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(definition) => self.note(definition.name.as_str(), whole, false),
            Stmt::ClassDef(definition) => self.note(definition.name.as_str(), whole, false),
            Stmt::Import(import) => {
                import.names.iter().for_each(|alias| self.note(imported_name(alias), whole, false));
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    match alias.name.as_str() {
                        "*" => self.stars.push(import),
                        _ => self.note(imported_name(alias), whole, false),
                    }
                }
            }
            Stmt::AugAssign(assign) => {
                let mut names = Names { of: self, whole };
                names.changed(&assign.target);
            }
            _ => walk_stmt(&mut Names { of: self, whole }, statement),
        }
    }

    fn note(&mut self, name: &'a str, statement: &'a Stmt, changes: bool) {
        let bindings = self.of.entry(name).or_default();
        match bindings.last_mut() {
            Some(last) if span(last.statement) == span(statement) => last.changes &= changes,
            _ => bindings.push(Binding { statement, changes }),
        }
    }
}

/// Walks a statement for the names that it binds or changes.
struct Names<'b, 'a> {
    of: &'b mut Bindings<'a>,
    whole: &'a Stmt,
}

impl<'a> Names<'_, 'a> {
    /// `name[…] = …`, `name.x = …`, `name.append(…)`
    fn changed(&mut self, expression: &'a Expr) {
        let inner = match expression {
            Expr::Name(name) => return self.of.note(name.id.as_str(), self.whole, true),
            Expr::Subscript(subscript) => &subscript.value,
            Expr::Attribute(attribute) => &attribute.value,
            _ => return,
        };
        if let Expr::Name(name) = &**inner {
            self.of.note(name.id.as_str(), self.whole, true);
        }
    }
}

impl<'a> Visitor<'a> for Names<'_, 'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        self.of.add(statement, self.whole);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx != ExprContext::Load => self.of.note(name.id.as_str(), self.whole, false),
            Expr::Subscript(ast::ExprSubscript { ctx: ExprContext::Store | ExprContext::Del, .. })
            | Expr::Attribute(ast::ExprAttribute { ctx: ExprContext::Store | ExprContext::Del, .. }) => {
                self.changed(expression);
            }
            Expr::Call(call) => {
                // only what stands alone, or in a loop, is there for what it does
                if let Expr::Attribute(attribute) = &*call.func
                    && MUTATORS.contains(&attribute.attr.as_str())
                {
                    self.changed(&call.func);
                }
                walk_expr(self, expression);
            }
            // their names are their own
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) | Expr::Lambda(_) => {}
            _ => walk_expr(self, expression),
        }
    }
}

/// Methods that change a list, dictionary or set.
const MUTATORS: [&str; 13] = [
    "append",
    "extend",
    "insert",
    "pop",
    "remove",
    "sort",
    "update",
    "setdefault",
    "add",
    "discard",
    "clear",
    "reverse",
    "popitem",
];
