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
//! | `call`, `class`, `enumeration` | functions, classes and their instances |
//! | `builtins`, `methods`, `text_methods`, `format` | what Python brings |
//! | `import` | other modules, each name evaluated when it is asked for |

mod dict;
mod equal;
mod import;
mod scope;
mod show;
mod value;

use std::collections::{BTreeSet, HashMap};
use std::ops::{Deref, DerefMut};
use std::rc::Rc;
use std::sync::Arc;

use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;

use crate::source::{Source, Span};

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

/// The modules of the project by their absolute dotted names. What is not there lies outside.
pub trait Modules {
    fn module(&self, dotted: &str) -> Option<&ParsedModule>;
}

/// What knows the libraries that the project uses.
pub trait Host<'a> {
    /// Told of each term as it comes into being. The value it stands for, where the host knows it; else it stays a term.
    fn resolve(&mut self, interpreter: &mut Interpreter<'a>, term: &Rc<Term<'a>>) -> Option<Value<'a>>;

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
    exhausted: bool,
    scopes: HashMap<*const ParsedModule, Rc<Scope<'a>>>,
    /// What an attribute of an outside name is: interned, since the same few are asked for all the time.
    names: HashMap<(usize, &'a str), Outside<'a>>,
    missing: BTreeSet<String>,
    n_journals: u32,
    /// The blocks entered by `try` statements whose exceptions are caught.
    evaluating: Vec<(usize, String)>,
}

#[derive(Clone)]
enum Outside<'a> {
    Name(Rc<str>),
    Module(&'a ParsedModule),
}

impl<'a> Interpreter<'a> {
    pub fn new(modules: &'a dyn Modules, limits: Limits) -> Self {
        Interpreter {
            modules,
            limits,
            fuel: limits.steps,
            depth: 0,
            exhausted: false,
            scopes: HashMap::new(),
            names: HashMap::new(),
            missing: BTreeSet::new(),
            n_journals: 0,
            evaluating: Vec::new(),
        }
    }

    /// Executes the top level of a module in order. Its names are those of the scope.
    pub fn run_module(&mut self, host: &mut dyn Host<'a>, module: &'a ParsedModule) -> Rc<Scope<'a>> {
        {
            let _ = host;
            todo!()
        }
    }

    /// A module whose top level is not run: each name is evaluated when it is asked for.
    pub fn lazy_module(&mut self, module: &'a ParsedModule) -> Rc<Scope<'a>> {
        {
            let _ = module;
            todo!()
        }
    }

    /// What a name of a module is worth; `None` when nothing binds it.
    pub fn global(&mut self, host: &mut dyn Host<'a>, scope: &Rc<Scope<'a>>, name: &str) -> Option<Value<'a>> {
        {
            let _ = host;
            todo!()
        }
    }

    /// Calls a value; `place` is where the call is said to be written.
    pub fn call(
        &mut self,
        host: &mut dyn Host<'a>,
        callee: &Value<'a>,
        arguments: Arguments<'a>,
        place: Place<'a>,
    ) -> Value<'a> {
        {
            let _ = host;
            todo!()
        }
    }

    /// What `value.name` is worth.
    pub fn attribute(&mut self, host: &mut dyn Host<'a>, value: &Value<'a>, name: &str, place: Place<'a>) -> Value<'a> {
        let name = Text::from(name.to_owned());
        {
            let _ = host;
            todo!()
        }
    }

    /// The names that a class body annotates, in order, and what their annotations are worth; a quoted one is text.
    pub fn annotations(&mut self, host: &mut dyn Host<'a>, class: &Rc<Class<'a>>) -> Vec<(&'a str, Value<'a>)> {
        {
            let _ = host;
            todo!()
        }
    }

    /// The values that iterating gives; `None` when they are not known.
    pub fn iterate(&mut self, host: &mut dyn Host<'a>, value: &Value<'a>) -> Option<Vec<Value<'a>>> {
        {
            let _ = host;
            todo!()
        }
    }

    /// The modules that were asked for and are not held; most lie outside of the project.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.missing.iter().map(String::as_str)
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
}
