//! Runs the Python of a project as far as it is the project's own, without Python: functions, classes, loops, text, enumerations.
//! All that lies outside stays symbolic, as terms. Knows nothing of Alembic or SQLAlchemy: that is the [`Host`]'s.
//!
//! | file | owns |
//! |---|---|
//! | `value`, `dict`, `scope` | the data |
//! | `equal`, `show` | whether values are the same, are true; how they print |
//! | `statement`, `branch`, `repeat`, `pattern` | statements: plain ones, those that may not run, loops, `match` |
//! | `journal` | taking back what a branch changed, and joining branches |
//! | `expression`, `operate`, `comprehension` | expressions |
//! | `call`, `class`, `attribute`, `enumeration` | functions, classes and their instances, and what is asked of them |
//! | `builtins`, `methods`, `text_methods`, `format`, `regular` | what Python brings |
//! | `quoted` | annotations in quotes |
//! | `import` | other modules, each name evaluated when it is asked for |

mod attribute;
mod branch;
mod builtins;
mod call;
mod class;
mod comprehension;
mod dict;
mod enumeration;
mod equal;
mod expression;
mod format;
mod import;
mod journal;
mod methods;
mod operate;
mod pattern;
mod quoted;
mod regular;
mod repeat;
mod scope;
mod show;
mod statement;
#[cfg(test)]
mod tests;
mod text_methods;
mod value;

use std::collections::{BTreeSet, HashMap};
use std::ops::{Deref, DerefMut};
use std::rc::Rc;
use std::sync::Arc;

use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;

use self::branch::Guard;
use self::journal::Journal;
use crate::python;
use crate::source::{RepoPath, Source, Span};

pub use self::dict::Dict;
pub use self::scope::Scope;
pub use self::value::{Arguments, Class, Function, Instance, Items, Member, Part, Place, Term, TermKind, Text, Value};
pub use ruff_python_ast::{BoolOp, CmpOp, Operator, UnaryOp};

/// A parsed file, and the name it is imported by.
pub struct ParsedModule {
    pub source: Arc<Source>,
    pub statements: Vec<Stmt>,
    /// The absolute dotted name, such as `app.models.user`.
    pub name: String,
    /// An `__init__.py`: relative imports start in it, not beside it.
    pub is_package: bool,
}

impl ParsedModule {
    /// Parses a file that is kept; run it on a deep stack. `None` when Python cannot read the file, or when it nests so deep that even
    /// forgetting it again would need one.
    pub fn read(name: String, path: RepoPath, bytes: &[u8], is_package: bool) -> Option<ParsedModule> {
        let text = python::decode(bytes).ok().filter(|text| !python::is_deep(text))?;
        let mut statements = python::parse(&text).statements;
        quoted::unquote(&mut statements, &text);
        Some(ParsedModule { source: Arc::new(Source::new(path, text)), statements, name, is_package })
    }
}

/// The modules of the project by their absolute dotted names, and those of libraries that are known as well as these. What is not there
/// lies outside.
pub trait Modules {
    fn module(&self, dotted: &str) -> Option<&ParsedModule>;
}

/// What knows the libraries that the project uses.
pub trait Host<'a> {
    /// Told of each term as it comes into being. The value it stands for, where the host knows it; else it stays a term.
    fn resolve(&mut self, interpreter: &mut Interpreter<'a>, term: &Rc<Term<'a>>) -> Option<Value<'a>>;

    /// Told of each class of the project as it comes into being.
    fn declare(&mut self, _class: &Rc<Class<'a>>) {}

    /// Told of what is set on something outside of the project: `Base.metadata.naming_convention = …`.
    fn set(&mut self, _object: &Rc<Term<'a>>, _name: &str, _value: &Value<'a>) {}

    /// What a class gives for a function of its that something outside of the project decorates (`@declared_attr`); `None`: the
    /// function.
    fn described(
        &mut self,
        _interpreter: &mut Interpreter<'a>,
        _function: &Rc<Function<'a>>,
        _class: &Rc<Class<'a>>,
    ) -> Option<Value<'a>> {
        None
    }

    /// Whether a value in the body of a class becomes another one in each class that inherits it: what they give is an attribute of theirs.
    fn is_copied(&self, _value: &Value<'a>) -> bool {
        false
    }

    /// Whether a library's module is known to give this name to `from … import *`.
    fn exports(&self, _module: &str, _name: &str) -> bool {
        false
    }

    /// What is told from here to the matching [`leave`](Host::leave) may not happen, or happens inside of something.
    fn enter(&mut self, block: &Block<'a>);

    fn leave(&mut self, block: &Block<'a>);
}

/// Code that runs under a condition, or inside of something.
pub enum Block<'a> {
    /// Runs if the condition, which is not known, is true (`holds`), or is false.
    If { condition: Value<'a>, holds: bool },
    /// May stop anywhere, and be caught.
    Try,
    /// Runs if the `try` before it stopped.
    Except,
    /// Runs any number of times.
    Loop,
    /// Runs inside of a context manager from outside of the project.
    With(Value<'a>),
}

/// The Python that runs a project, as far as it asks.
const PYTHON: [i64; 3] = [3, 13, 0];

/// How much an interpreter does before it gives up.
#[derive(Clone, Copy)]
pub struct Limits {
    /// Statements and expressions.
    pub steps: usize,
    /// Calls within calls.
    pub calls: usize,
    /// Bytes of one text.
    pub text: usize,
    /// Items of one container.
    pub items: usize,
    /// Rounds of one loop.
    pub rounds: usize,
    /// Expressions and statements within each other, over all calls.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { steps: 200_000, calls: 40, text: 1 << 20, items: 20_000, rounds: 5_000, depth: 4_000 }
    }
}

/// Runs modules of one project. It recurses: use it on a thread with a deep stack.
pub struct Interpreter<'a> {
    modules: &'a dyn Modules,
    limits: Limits,
    fuel: usize,
    depth: usize,
    n_calls: usize,
    /// Where the calls under way are written, the outermost first.
    calls: Vec<Place<'a>>,
    exhausted: bool,
    scopes: HashMap<*const ParsedModule, Rc<Scope<'a>>>,
    /// What an attribute of an outside name is: interned, since the same few are asked for all the time.
    names: HashMap<(usize, &'a str), (Rc<str>, Outside<'a>)>,
    missing: BTreeSet<String>,
    frames: Vec<Frame<'a>>,
    journals: Vec<Journal<'a>>,
    n_journals: u32,
    /// The names of lazy modules whose evaluation is under way.
    evaluating: Vec<(*const ParsedModule, &'a str)>,
    /// The attributes that a `__getattr__` of the project is being asked for.
    asking: Vec<(usize, Text<'a>)>,
}

#[derive(Clone)]
enum Outside<'a> {
    Name(Rc<str>),
    Module(&'a ParsedModule),
}

/// A function call, a module's top level or a class body under way.
struct Frame<'a> {
    scope: Rc<Scope<'a>>,
    /// The function that runs, for `super()`.
    function: Option<(Rc<Function<'a>>, Option<Value<'a>>)>,
    /// Under which conditions the rest of the code runs, because some path left it.
    guards: Vec<Guard<'a>>,
    /// What the paths that left have returned.
    returned: Vec<Value<'a>>,
    /// What a generator has given so far.
    yielded: Vec<Value<'a>>,
    yielded_more: bool,
    /// The body of the `with` that a generator manages.
    managed: Option<statement::Managed<'a>>,
    /// How many journals were open when it began: with more, what it does may not happen.
    n_journals: usize,
}

impl<'a> Interpreter<'a> {
    pub fn new(modules: &'a dyn Modules, limits: Limits) -> Self {
        Interpreter {
            modules,
            limits,
            fuel: limits.steps,
            depth: 0,
            n_calls: 0,
            calls: Vec::new(),
            exhausted: false,
            scopes: HashMap::new(),
            names: HashMap::new(),
            missing: BTreeSet::new(),
            frames: Vec::new(),
            journals: Vec::new(),
            n_journals: 0,
            evaluating: Vec::new(),
            asking: Vec::new(),
        }
    }

    /// Executes the top level of a module in order. Its names are those of the scope.
    pub fn run_module(&mut self, host: &mut dyn Host<'a>, module: &'a ParsedModule) -> Rc<Scope<'a>> {
        Run { interpreter: self, host }.run_module(module)
    }

    /// A module whose top level is not run: each name is evaluated when it is asked for.
    pub fn lazy_module(&mut self, module: &'a ParsedModule) -> Rc<Scope<'a>> {
        self.lazy_scope(module)
    }

    /// Evaluates all that the top level of a module does, each of its names once, whoever asked for it first.
    pub fn visit_module(&mut self, host: &mut dyn Host<'a>, module: &'a ParsedModule) -> Rc<Scope<'a>> {
        let scope = self.lazy_scope(module);
        Run { interpreter: self, host }.visit(&scope);
        scope
    }

    /// The modules of the project that the top level of a module imports, in order; what only type checkers import is not among them.
    pub fn imports_of(&mut self, module: &'a ParsedModule) -> Vec<&'a ParsedModule> {
        self.imported_modules(module)
    }

    /// Where the classes of a module's top level are written of which it turned out too much to say what they are.
    pub fn lost_classes(&mut self, host: &mut dyn Host<'a>, scope: &Rc<Scope<'a>>) -> Vec<Span> {
        Run { interpreter: self, host }.lost_classes(scope)
    }

    /// What a name of a module is worth; `None` when nothing binds it.
    pub fn global(&mut self, host: &mut dyn Host<'a>, scope: &Rc<Scope<'a>>, name: &str) -> Option<Value<'a>> {
        Run { interpreter: self, host }.module_name(scope, name)
    }

    /// The names that a module has bound so far, and of which it cannot be told to what.
    pub fn unknown_globals(&self, scope: &Rc<Scope<'a>>) -> Vec<&'a str> {
        let variables = scope.variables.borrow();
        variables.iter().filter(|(_, value)| matches!(value, Value::Unknown)).map(|(name, _)| name).collect()
    }

    /// Says what a name of a module is worth.
    pub fn set_global(&mut self, scope: &Rc<Scope<'a>>, name: &'a str, value: Value<'a>) {
        scope.variables.borrow_mut().set(name, Some(value));
    }

    /// Calls a value; `place` is where the call is said to be written.
    pub fn call(
        &mut self,
        host: &mut dyn Host<'a>,
        callee: &Value<'a>,
        arguments: Arguments<'a>,
        place: Place<'a>,
    ) -> Value<'a> {
        Run { interpreter: self, host }.at(place, |run| run.call(callee, arguments, place))
    }

    /// What `value.name` is worth.
    pub fn attribute(&mut self, host: &mut dyn Host<'a>, value: &Value<'a>, name: &str, place: Place<'a>) -> Value<'a> {
        let name = Text::from(name.to_owned());
        Run { interpreter: self, host }.at(place, |run| run.attribute(value, &name, place))
    }

    /// The names that a class body annotates, in order, and what their annotations are worth, be they quoted.
    pub fn annotations(&mut self, host: &mut dyn Host<'a>, class: &Rc<Class<'a>>) -> Vec<(&'a str, Value<'a>)> {
        Run { interpreter: self, host }.annotations(class)
    }

    /// What the annotation of what a function returns is worth.
    pub fn return_annotation(&mut self, host: &mut dyn Host<'a>, function: &Rc<Function<'a>>) -> Option<Value<'a>> {
        Run { interpreter: self, host }.return_annotation(function)
    }

    /// The values that iterating gives; `None` when they are not known.
    pub fn iterate(&mut self, host: &mut dyn Host<'a>, value: &Value<'a>) -> Option<Vec<Value<'a>>> {
        let mut run = Run { interpreter: self, host };
        let iterated = match value {
            Value::Instance(instance) => run.at(instance.place, |run| run.iterate(value)),
            _ => run.iterate(value),
        };
        iterated.filter(|items| !items.more).map(|items| items.values)
    }

    /// The modules that were asked for and are not held; most lie outside of the project.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.missing.iter().map(String::as_str)
    }

    /// Where in a module the call is written that led to the code that runs now: the innermost one.
    pub fn called_from(&self, module: &ParsedModule) -> Option<Span> {
        self.calls.iter().rev().find(|place| std::ptr::eq(place.module, module)).map(|place| place.span)
    }

    /// Whether a bound was met, so that what was told is not all that there is.
    pub fn exhausted(&self) -> bool {
        self.exhausted
    }

    /// Makes as many steps possible again as at first.
    pub fn refuel(&mut self) {
        self.fuel = self.limits.steps;
        self.exhausted = false;
    }

    fn exhaust(&mut self) {
        self.exhausted = true;
        self.fuel = 0;
    }

    /// Counts steps; `false` when there are none left.
    fn spend(&mut self, steps: usize) -> bool {
        match self.fuel.checked_sub(steps) {
            Some(left) => self.fuel = left,
            None => self.exhaust(),
        }
        !self.exhausted
    }

    fn frame(&mut self) -> &mut Frame<'a> {
        self.frames.last_mut().expect("code runs in a frame")
    }

    fn scope(&self) -> &Rc<Scope<'a>> {
        &self.frames.last().expect("code runs in a frame").scope
    }

    fn place(&self, written: &impl Ranged) -> Place<'a> {
        Place { module: self.scope().module, span: span(written) }
    }
}

/// An interpreter at work for a host.
struct Run<'m, 'a> {
    interpreter: &'m mut Interpreter<'a>,
    host: &'m mut (dyn Host<'a> + 'm),
}

impl<'a> Deref for Run<'_, 'a> {
    type Target = Interpreter<'a>;

    fn deref(&self) -> &Interpreter<'a> {
        self.interpreter
    }
}

impl<'a> DerefMut for Run<'_, 'a> {
    fn deref_mut(&mut self) -> &mut Interpreter<'a> {
        self.interpreter
    }
}

impl<'a> Run<'_, 'a> {
    fn run_module(&mut self, module: &'a ParsedModule) -> Rc<Scope<'a>> {
        let scope = Scope::new(module, scope::Kind::Module(None), None);
        self.interpreter.scopes.insert(module, scope.clone());
        self.in_frame(Frame::new(scope.clone()), |run| {
            run.execute(&module.statements);
            run.close_guards(0, branch::Until::Return);
        });
        scope
    }

    /// Runs something where code may run: in the frame under way, or in one for the place's module.
    fn at<T>(&mut self, place: Place<'a>, work: impl FnOnce(&mut Self) -> T) -> T {
        if !self.frames.is_empty() {
            return work(self);
        }
        let scope = self.lazy_scope(place.module);
        self.in_frame(Frame::new(scope), work)
    }

    fn in_frame<T>(&mut self, frame: Frame<'a>, work: impl FnOnce(&mut Self) -> T) -> T {
        let n_journals = self.journals.len();
        self.frames.push(Frame { n_journals, ..frame });
        let res = work(self);
        self.frames.pop();
        res
    }

    /// A term, or what the host knows it to be.
    fn term(&mut self, kind: TermKind<'a>, place: Place<'a>) -> Value<'a> {
        if let TermKind::Name(name) = &kind {
            match &**name {
                "typing.TYPE_CHECKING" => return Value::Bool(false),
                // what is written for a Python of long ago means the same
                "sys.version_info" => {
                    return Value::tuple(PYTHON.map(Value::Int).to_vec());
                }
                _ => {}
            }
        }
        let term = Rc::new(Term { kind, place });
        self.host.resolve(self.interpreter, &term).unwrap_or(Value::Term(term))
    }
}

impl<'a> Frame<'a> {
    fn new(scope: Rc<Scope<'a>>) -> Self {
        Frame {
            scope,
            function: None,
            guards: Vec::new(),
            returned: Vec::new(),
            yielded: Vec::new(),
            yielded_more: false,
            managed: None,
            n_journals: 0,
        }
    }
}

fn span(written: &impl Ranged) -> Span {
    let range = written.range();
    Span::new(range.start().to_usize(), range.end().to_usize())
}
