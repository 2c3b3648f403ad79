//! Classes and instances of the project, as they are made.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use ruff_python_ast::{self as ast, Stmt};

use super::attribute::attribute_of;
use super::dict::Dict;
use super::scope::{Kind, Scope};
use super::value::{Arguments, Class, Function, Instance, Place, TermKind, Text, Value};
use super::{Run, span};
use crate::source::Span;

impl<'a> Run<'_, 'a> {
    pub(super) fn define_class(&mut self, definition: &'a ast::StmtClassDef) -> Value<'a> {
        let place = Place { module: self.scope().module, span: span(&definition.name) };
        let arguments = definition.arguments.as_deref().map(|arguments| self.arguments(arguments)).unwrap_or_default();
        let decorators =
            definition.decorator_list.iter().map(|decorator| self.evaluate(&decorator.expression)).collect();
        let mut bases: Vec<Value<'a>> = arguments.positional.into_iter().map(|(value, _)| value).collect();
        if arguments.more {
            bases.push(Value::Unknown);
        }
        let outer = self.scope().clone();
        let scope = Scope::new(outer.module, Kind::Class, Some(outer));
        self.in_scope(scope.clone(), |run| {
            let qualified = Value::text(definition.name.as_str());
            run.set_variable(&scope, "__qualname__", Some(qualified));
            run.execute(&definition.body);
            run.close_guards_for_now(0);
        });
        // half a class is none
        if self.exhausted {
            return Value::Unknown;
        }
        let attributes = Rc::new(Dict::default());
        attributes.reserve(scope.variables.borrow().len());
        for (name, value) in scope.variables.borrow().iter() {
            attributes.insert_text(name.into(), value.clone());
        }
        let mut annotations = Vec::new();
        for statement in &definition.body {
            if let Stmt::AnnAssign(ast::StmtAnnAssign { target, annotation, value, .. }) = statement
                && let Some(name) = target.as_name_expr()
            {
                annotations.push((name.id.as_str(), &**annotation));
                // a body that stops before it gets there
                if value.is_some() && attributes.get_text(name.id.as_str()).is_none() {
                    attributes.insert_text(name.id.as_str().into(), Value::Unknown);
                }
            }
        }
        let class = Rc::new(Class {
            name: definition.name.as_str().into(),
            bases,
            keywords: arguments.keywords.into_iter().map(|(name, value, _)| (name, value)).collect(),
            decorators,
            attributes,
            place,
            annotations,
            scope,
            members: OnceCell::new(),
            body: &definition.body,
            written: OnceCell::new(),
        });
        self.made(class)
    }

    /// `type(name, bases, attributes)`
    pub(super) fn class_of(
        &mut self,
        name: Text<'a>,
        bases: Vec<Value<'a>>,
        attributes: &Rc<Dict<'a>>,
        place: Place<'a>,
    ) -> Value<'a> {
        let own = Rc::new(Dict::default());
        for (name, value) in attributes.items() {
            own.insert(name, value);
        }
        own.more.set(attributes.more.get());
        let outer = self.scope().clone();
        let class = Rc::new(Class {
            name,
            bases,
            keywords: Vec::new(),
            decorators: Vec::new(),
            attributes: own,
            place,
            annotations: Vec::new(),
            scope: Scope::new(outer.module, Kind::Class, Some(outer)),
            members: OnceCell::new(),
            body: &[],
            written: OnceCell::new(),
        });
        self.made(class)
    }

    fn made(&mut self, class: Rc<Class<'a>>) -> Value<'a> {
        for value in class.attributes.values() {
            if let Value::Function(function) = value {
                let _ = function.owner.set(class.clone());
            }
        }
        self.enumerate(&class);
        self.host.declare(&class);
        if !class.bases.is_empty()
            && let Some(Value::Function(begin)) = attribute_of(class.lineage().iter().skip(1), "__init_subclass__")
            && let Value::Function(begin) = begin.bound(Value::Class(class.clone()))
        {
            let keywords = class.keywords.iter().map(|(name, value)| (name.clone(), value.clone(), class.place.span));
            let arguments = Arguments { keywords: keywords.collect(), ..Arguments::default() };
            self.enter_function(&begin, arguments, None);
        }
        if let Some(Value::Function(init)) = metaclass(&class).and_then(|meta| self.class_attribute(&meta, "__init__"))
            && let Value::Function(init) = init.bound(Value::Class(class.clone()))
        {
            let bases = Value::Tuple(class.bases.clone().into());
            let made = [Value::Str(class.name.clone()), bases, Value::Dict(class.attributes.clone())];
            self.enter_function(&init, Arguments::of(made), None);
        }
        Value::Class(class)
    }

    pub(super) fn annotations(&mut self, class: &Rc<Class<'a>>) -> Vec<(&'a str, Value<'a>)> {
        let scope = class.annotation_scope();
        let evaluate = |run: &mut Self| {
            class.annotations.iter().map(|(name, annotation)| (*name, run.evaluate(annotation))).collect()
        };
        self.in_frame(super::Frame::new(scope), evaluate)
    }

    pub(super) fn return_annotation(&mut self, function: &Rc<Function<'a>>) -> Option<Value<'a>> {
        let returns = function.returns?;
        Some(self.in_frame(super::Frame::new(function.scope.clone()), |run| run.evaluate(returns)))
    }

    /// `Class(…)`
    pub(super) fn construct(&mut self, class: &Rc<Class<'a>>, arguments: Arguments<'a>, place: Place<'a>) -> Value<'a> {
        if let Some(members) = class.members() {
            let value = arguments.positional.first().map_or(Value::Unknown, |(value, _)| value.clone());
            let found =
                members.iter().find(|member| member.value.equal(&value) == Some(true) || member.instance.same(&value));
            return found.map_or(Value::Unknown, |member| member.instance.clone());
        }
        let instance = Rc::new(Instance {
            class: class.clone(),
            arguments: arguments.clone(),
            outer_arguments: RefCell::new(None),
            attributes: Rc::new(Dict::default()),
            place,
        });
        let value = Value::Instance(instance.clone());
        match self.class_attribute(class, "__init__") {
            Some(Value::Function(init)) => {
                let Value::Function(init) = init.bound(value.clone()) else { return value };
                self.enter_function(&init, arguments, None);
            }
            _ => {
                self.fill_fields(&instance, &arguments);
                *instance.outer_arguments.borrow_mut() = Some(arguments);
                if class.is_data_class() {
                    self.finish(class, &value);
                }
            }
        }
        value
    }

    /// What a generated constructor calls at its end.
    fn finish(&mut self, class: &Rc<Class<'a>>, object: &Value<'a>) {
        for name in ["__post_init__", "__attrs_post_init__"] {
            if let Some(Value::Function(finish)) = self.class_attribute(class, name)
                && let Value::Function(finish) = finish.bound(object.clone())
            {
                self.enter_function(&finish, Arguments::default(), None);
            }
        }
    }

    /// The fields of a data class, as its generated constructor sets them; of other classes whose constructor is not the
    /// project's, what is given by name.
    fn fill_fields(&mut self, instance: &Rc<Instance<'a>>, arguments: &Arguments<'a>) {
        let mut positional = arguments.positional.iter().map(|(value, _)| value.clone());
        if instance.class.is_data_class() {
            for (field, default) in self.fields(&instance.class) {
                let value = positional.next().or_else(|| arguments.keyword(field)).or_else(|| {
                    let factory = default.as_ref()?.as_term()?;
                    match &factory.kind {
                        TermKind::Call { arguments, .. } => {
                            let made = arguments.keyword("default_factory");
                            made.map(|made| self.call(&made, Arguments::default(), instance.place))
                                .or_else(|| arguments.keyword("default"))
                        }
                        _ => None,
                    }
                });
                let value = value.or(default).unwrap_or(Value::Unknown);
                instance.attributes.insert_text(field.into(), value);
            }
            return;
        }
        for (name, value, _) in &arguments.keywords {
            instance.attributes.insert_text(name.clone(), value.clone());
        }
    }

    /// The annotated names of a class and its bases, and their defaults.
    fn fields(&mut self, class: &Rc<Class<'a>>) -> Vec<(&'a str, Option<Value<'a>>)> {
        let mut res: Vec<(&'a str, Option<Value<'a>>)> = Vec::new();
        for base in class.lineage().into_iter().rev() {
            let Value::Class(base) = base else { continue };
            for (name, _) in &base.annotations {
                let default = base.attributes.get_text(name);
                match res.iter_mut().find(|(known, _)| known == name) {
                    Some(known) => known.1 = default,
                    None => res.push((name, default)),
                }
            }
        }
        res
    }

    /// The items of an instance of `class X(NamedTuple)`.
    pub(super) fn named_tuple(&mut self, instance: &Rc<Instance<'a>>) -> Option<Vec<Value<'a>>> {
        let is_tuple = |base: &Value<'a>| base.as_name().is_some_and(|name| name == "typing.NamedTuple");
        if !instance.class.lineage().iter().any(is_tuple) {
            return None;
        }
        let names: Vec<&str> = self.fields(&instance.class).into_iter().map(|(name, _)| name).collect();
        names.into_iter().map(|name| instance.attributes.get_text(name)).collect()
    }
}

/// The metaclass of a class, where the project writes one.
fn metaclass<'a>(class: &Rc<Class<'a>>) -> Option<Rc<Class<'a>>> {
    let given = |class: &Rc<Class<'a>>| class.keywords.iter().find(|(name, _)| **name == *"metaclass").cloned();
    let found = match (given(class), class.bases.is_empty()) {
        (None, false) => class.lineage().iter().find_map(|base| match base {
            Value::Class(base) => given(base),
            _ => None,
        }),
        (found, _) => found,
    };
    match found {
        Some((_, Value::Class(metaclass))) => Some(metaclass),
        _ => None,
    }
}

/// Where the statements of a class body bind or annotate which name: sorted by name, and those of one name as they are written.
pub(super) fn statements_of(body: &[Stmt]) -> Vec<(&str, Span)> {
    fn walk<'s>(body: &'s [Stmt], depth: usize, res: &mut Vec<(&'s str, Span)>) {
        for statement in body {
            match statement {
                Stmt::Assign(assign) => {
                    for name in assign.targets.iter().filter_map(|target| target.as_name_expr()) {
                        res.push((name.id.as_str(), span(statement)));
                    }
                }
                Stmt::AnnAssign(assign) => {
                    if let Some(name) = assign.target.as_name_expr() {
                        res.push((name.id.as_str(), span(statement)));
                    }
                }
                Stmt::FunctionDef(definition) => {
                    res.push((definition.name.as_str(), span(&definition.name)));
                }
                Stmt::If(choice) if depth > 0 => {
                    walk(&choice.body, depth - 1, res);
                    choice.elif_else_clauses.iter().for_each(|clause| walk(&clause.body, depth - 1, res));
                }
                Stmt::With(with) if depth > 0 => walk(&with.body, depth - 1, res),
                Stmt::Try(tried) if depth > 0 => walk(&tried.body, depth - 1, res),
                _ => {}
            }
        }
    }
    let mut res = Vec::with_capacity(body.len());
    walk(body, 5, &mut res);
    res.sort_by_key(|(name, _)| *name);
    res
}

impl<'a> Class<'a> {
    /// The names of its attributes and of those that it inherits from the project, as `dir` has them: private ones with their class. What
    /// libraries add is left out: who asks looks for what the project writes.
    pub(super) fn names(self: &Rc<Self>) -> Vec<String> {
        let mut res = Vec::new();
        for base in self.lineage() {
            let Value::Class(base) = base else { continue };
            for (name, _) in base.attributes.items() {
                let Value::Str(name) = name else { continue };
                res.push(match name.starts_with("__") && !name.ends_with("__") {
                    true => format!("_{}{}", base.name.trim_start_matches('_'), &*name),
                    false => name.to_string(),
                });
            }
        }
        res
    }

    /// Where the names of annotations are looked up: in the class body, save for what stands there as the value of an attribute. A
    /// column `date` does not hide the type of the columns above it.
    fn annotation_scope(&self) -> Rc<Scope<'a>> {
        let is_value = |value: &Value<'a>| match value {
            Value::Term(term) => match &term.kind {
                TermKind::Call { callee, .. } => {
                    !callee.as_name().is_some_and(|name| name.starts_with("typing") && name.contains(".NewType"))
                }
                _ => false,
            },
            Value::Function(_) | Value::None | Value::Str(_) | Value::Instance(_) => true,
            _ => false,
        };
        let inner = Scope::new(self.scope.module, Kind::Class, self.scope.parent.clone());
        for (name, value) in self.scope.variables.borrow().iter() {
            if !is_value(value) {
                inner.variables.borrow_mut().set(name, Some(value.clone()));
            }
        }
        inner
    }

    /// Whether its constructor is made from its annotations.
    fn is_data_class(self: &Rc<Self>) -> bool {
        let generates = |value: &Value<'a>| {
            let name = match value {
                Value::Term(term) => match &term.kind {
                    TermKind::Name(name) => name,
                    TermKind::Call { callee: Value::Term(callee), .. } => match &callee.kind {
                        TermKind::Name(name) => name,
                        _ => return false,
                    },
                    _ => return false,
                },
                _ => return false,
            };
            matches!(
                &**name,
                "dataclasses.dataclass"
                    | "typing.NamedTuple"
                    | "pydantic.BaseModel"
                    | "pydantic.dataclasses.dataclass"
                    | "attr.s"
                    | "attrs.define"
                    | "attr.dataclass"
                    | "attrs.frozen"
            )
        };
        self.lineage().iter().any(|base| match base {
            Value::Class(class) => class.decorators.iter().any(generates),
            base => generates(base),
        })
    }
}
