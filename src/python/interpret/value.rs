//! What an expression is worth: plain values, things of the project, and terms for all that lies outside it. Only data.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashSet;
use std::ops::Deref;
use std::rc::Rc;

use ruff_python_ast::{self as ast, Expr, Stmt};

use super::ParsedModule;
use super::dict::Dict;
use super::scope::Scope;
use crate::source::{Source, Span};

/// A value, as far as it is known.
#[derive(Clone)]
pub enum Value<'a> {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Text<'a>),
    Bytes(Rc<[u8]>),
    List(Rc<Items<'a>>),
    Tuple(Rc<[Value<'a>]>),
    /// The keys of the dictionary, in the order in which they came.
    Set(Rc<Dict<'a>>),
    Dict(Rc<Dict<'a>>),
    /// A function, lambda or method of the project.
    Function(Rc<Function<'a>>),
    /// A function or type of Python's own, by its name.
    Builtin(&'static str),
    /// A method of a plain value, such as `names.append`.
    Method(Rc<(Value<'a>, Text<'a>)>),
    Class(Rc<Class<'a>>),
    Instance(Rc<Instance<'a>>),
    /// A module of the project.
    Module(Rc<Scope<'a>>),
    /// What `super()` gives: the instance or class, and the class whose bases are asked.
    Super(Rc<(Value<'a>, Rc<Class<'a>>)>),
    /// A call of a context manager that is a generator: its body runs round that of the `with`.
    Manager(Rc<(Rc<Function<'a>>, Arguments<'a>)>),
    /// Something outside of the project, as it was written.
    Term(Rc<Term<'a>>),
    Unknown,
}

/// Text that is borrowed from the source where that is possible.
#[derive(Clone)]
pub enum Text<'a> {
    Borrowed(&'a str),
    Shared(Rc<str>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Text::Borrowed(text) => text,
            Text::Shared(text) => text,
        }
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text<'_> {}

impl std::hash::Hash for Text<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Text::Borrowed(text)
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Text::Shared(text.into())
    }
}

/// The items of a list. Lists are shared and may hold themselves.
#[derive(Default)]
pub struct Items<'a> {
    pub values: RefCell<Vec<Value<'a>>>,
    /// Other values that are not known may follow the `values`.
    pub more: Cell<bool>,
    pub(super) stamp: Cell<u32>,
}

/// Where something is written.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub module: &'a ParsedModule,
    pub span: Span,
}

impl<'a> Place<'a> {
    pub fn source(&self) -> &'a std::sync::Arc<Source> {
        &self.module.source
    }
}

/// Something outside of the project.
pub struct Term<'a> {
    pub kind: TermKind<'a>,
    pub place: Place<'a>,
}

pub enum TermKind<'a> {
    /// An absolute dotted name: after `import sqlalchemy as sa`, `sa.Text` is `sqlalchemy.Text`.
    Name(Rc<str>),
    /// An attribute of what is no name.
    Attribute(Value<'a>, Text<'a>),
    Call {
        callee: Value<'a>,
        arguments: Arguments<'a>,
    },
    Item(Value<'a>, Value<'a>),
    /// `start:stop:step` as the key of an item; what is left out is `None`.
    Slice(Value<'a>, Value<'a>, Value<'a>),
    Unary(ast::UnaryOp, Value<'a>),
    Binary(ast::Operator, Value<'a>, Value<'a>),
    Compare(ast::CmpOp, Value<'a>, Value<'a>),
    Not(Value<'a>),
    /// `and`/`or` of operands that did not decide it.
    BoolOp(ast::BoolOp, Vec<Value<'a>>),
    /// `value if condition else other`, the condition not being known.
    Choice {
        condition: Value<'a>,
        value: Value<'a>,
        other: Value<'a>,
    },
    /// Text with holes where something is not known.
    Format(Vec<Part<'a>>),
    /// Any item of something that is not known, as the target of a loop over it.
    Element(Value<'a>),
    /// `[element for … in iterable]` over something that is not known.
    Each {
        iterable: Value<'a>,
        element: Value<'a>,
    },
}

pub enum Part<'a> {
    Literal(Text<'a>),
    Hole(Value<'a>),
}

/// What a call is given, `*` and `**` of known content spread out.
#[derive(Clone, Default)]
pub struct Arguments<'a> {
    pub positional: Vec<(Value<'a>, Span)>,
    pub keywords: Vec<(Text<'a>, Value<'a>, Span)>,
    /// There may be more: a `*` or `**` of unknown content.
    pub more: bool,
}

impl<'a> Arguments<'a> {
    /// Positional arguments that are written nowhere.
    pub fn of(values: impl IntoIterator<Item = Value<'a>>) -> Self {
        let positional = values.into_iter().map(|value| (value, Span::default())).collect();
        Arguments { positional, ..Arguments::default() }
    }

    /// The argument at a position, or else of that name; where it may be among what is not known: unknown.
    pub fn get(&self, position: usize, name: &str) -> Option<Value<'a>> {
        let positional = self.positional.get(position).map(|(value, _)| value.clone());
        positional.or_else(|| self.keyword(name))
    }

    pub fn keyword(&self, name: &str) -> Option<Value<'a>> {
        let found = self.keywords.iter().rev().find(|(key, ..)| **key == *name).map(|(_, value, _)| value.clone());
        found.or_else(|| self.more.then_some(Value::Unknown))
    }

    /// Where the argument of a position or name is written.
    pub fn span(&self, position: usize, name: &str) -> Option<Span> {
        let positional = self.positional.get(position).map(|&(_, span)| span);
        positional.or_else(|| self.keywords.iter().find(|(key, ..)| **key == *name).map(|&(.., span)| span))
    }
}

/// A function of the project, with the values and the scope it closes over.
pub struct Function<'a> {
    pub name: &'a str,
    pub place: Place<'a>,
    pub(super) parameters: Option<&'a ast::Parameters>,
    pub(super) returns: Option<&'a Expr>,
    pub(super) body: Body<'a>,
    /// The default of each parameter that has one.
    pub(super) defaults: Rc<[(&'a str, Value<'a>)]>,
    pub(super) scope: Rc<Scope<'a>>,
    /// The class in whose body it is written, for `super()`.
    pub(super) owner: Rc<OnceCell<Rc<Class<'a>>>>,
    pub(super) role: Role,
    /// The `self` or `cls` of a bound method.
    pub receiver: Option<Value<'a>>,
    pub(super) is_generator: bool,
    /// What decorates it and lies outside of the project.
    pub decorators: Rc<[Value<'a>]>,
}

#[derive(Clone, Copy)]
pub(super) enum Body<'a> {
    Statements(&'a [Stmt]),
    Expression(&'a Expr),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    Static,
    Class,
    Property,
    /// `@contextmanager`
    Manager,
}

/// A class of the project.
pub struct Class<'a> {
    pub name: Text<'a>,
    /// Classes of the project, terms, builtins.
    pub bases: Vec<Value<'a>>,
    /// Keyword arguments of the class statement, such as `table=True`.
    pub keywords: Vec<(Text<'a>, Value<'a>)>,
    pub decorators: Vec<Value<'a>>,
    pub attributes: Rc<Dict<'a>>,
    pub place: Place<'a>,
    pub(super) annotations: Vec<(&'a str, &'a Expr)>,
    pub(super) scope: Rc<Scope<'a>>,
    pub(super) members: OnceCell<Vec<Member<'a>>>,
    /// The statements that its body is made of; none for what `type(…)` makes.
    pub(super) body: &'a [Stmt],
    pub(super) written: OnceCell<Vec<(&'a str, Span)>>,
}

impl<'a> Class<'a> {
    /// The members of an enumeration, in order; `None` when it is none.
    pub fn members(&self) -> Option<&[Member<'a>]> {
        self.members.get().map(Vec::as_slice)
    }

    /// The statement of the class body that binds or annotates a name: the last one.
    pub fn written(&self, name: &str) -> Option<Span> {
        let written = self.written.get_or_init(|| super::class::statements_of(self.body));
        let end = written.partition_point(|(known, _)| *known <= name);
        written[..end].last().filter(|(known, _)| *known == name).map(|(_, span)| *span)
    }

    /// This class and its bases in the order in which attributes are looked up: depth first, what several share last.
    pub fn lineage(self: &Rc<Self>) -> Vec<Value<'a>> {
        const MOST: usize = 500;
        fn walk<'a>(class: &Rc<Class<'a>>, res: &mut Vec<Value<'a>>) {
            for base in class.bases.iter().take(MOST.saturating_sub(res.len())) {
                res.push(base.clone());
                if let Value::Class(base) = base {
                    walk(base, res);
                }
            }
        }
        let mut all = vec![Value::Class(self.clone())];
        walk(self, &mut all);
        let mut classes = HashSet::new();
        let mut others: Vec<Value<'a>> = Vec::new();
        let mut res: Vec<Value<'a>> = Vec::with_capacity(all.len());
        for value in all.into_iter().rev() {
            let is_new = match &value {
                Value::Class(class) => classes.insert(Rc::as_ptr(class)),
                value => !others.iter().any(|known| known.same(value)),
            };
            if is_new {
                if !matches!(value, Value::Class(_)) {
                    others.push(value.clone());
                }
                res.push(value);
            }
        }
        res.reverse();
        res
    }
}

/// A member of an enumeration.
pub struct Member<'a> {
    pub name: Text<'a>,
    pub value: Value<'a>,
    /// The value is that of an earlier member.
    pub alias: bool,
    pub instance: Value<'a>,
}

/// An object of a class of the project.
pub struct Instance<'a> {
    pub class: Rc<Class<'a>>,
    /// What the constructor was given.
    pub arguments: Arguments<'a>,
    /// What the constructor of the first base outside of the project was given: `super().__init__(…)`, or the same when
    /// the project writes no constructor.
    pub outer_arguments: RefCell<Option<Arguments<'a>>>,
    pub attributes: Rc<Dict<'a>>,
    pub place: Place<'a>,
}

impl<'a> Value<'a> {
    pub fn text(text: impl Into<Text<'a>>) -> Self {
        Value::Str(text.into())
    }

    pub fn list(values: Vec<Value<'a>>) -> Self {
        Value::List(Rc::new(Items { values: RefCell::new(values), ..Items::default() }))
    }

    /// A list that begins with these values.
    pub fn open_list(values: Vec<Value<'a>>) -> Self {
        Value::List(Rc::new(Items { values: RefCell::new(values), more: Cell::new(true), ..Items::default() }))
    }

    pub fn tuple(values: Vec<Value<'a>>) -> Self {
        Value::Tuple(values.into())
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_term(&self) -> Option<&Rc<Term<'a>>> {
        match self {
            Value::Term(term) => Some(term),
            _ => None,
        }
    }

    /// The dotted name of something outside of the project.
    pub fn as_name(&self) -> Option<&str> {
        match &self.as_term()?.kind {
            TermKind::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown)
    }

    /// Nothing of it but the outermost is looked at: not a plain value.
    pub fn is_open(&self) -> bool {
        matches!(self, Value::Unknown | Value::Term(_) | Value::Manager(_))
    }
}
