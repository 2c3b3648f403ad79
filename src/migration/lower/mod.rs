//! A revision's Python into operations: `op.*`, SQL that is executed, types and tables that are created by hand. The
//! interpreter runs the code; this is what it asks about Alembic. Knows nothing of other revisions.
//!
//! | file | owns |
//! |---|---|
//! | `host` | which calls are operations; the blocks they stand in |
//! | `arguments` | the signatures of `op.*` and of a batch's methods |
//! | `directive`, `constrain`, `alter` | `op.*` |
//! | `entity` | operations of other packages |
//! | `execute`, `text`, `construct` | what is executed: SQL text, SQLAlchemy's constructs |
//! | `rows` | what is inserted |
//! | `create` | `create` and `drop` of types, tables, sequences; `create_all` |
//! | `guard` | conditions |
//! | `place` | where an operation is said to be written |

mod alter;
mod arguments;
mod constrain;
mod construct;
mod create;
mod directive;
mod entity;
mod execute;
mod guard;
mod host;
mod place;
mod rows;
#[cfg(test)]
mod tests;
mod text;

use std::rc::Rc;

use super::program::Program;
use crate::python::interpret::{
    Arguments, Interpreter, Limits, Modules, ParsedModule, Place, Scope, Term, TermKind, Value,
};
use crate::python::{self, FunctionOutline};
use crate::schema::{Action, Op, Touches};
use crate::source::Span;
use crate::sqlalchemy::Naming;

use self::host::Lowering;

/// The database that the project's migrations are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    Postgres,
    Sqlite,
    Mysql,
    Other,
    /// Taken for PostgreSQL where the code asks.
    #[default]
    Unknown,
}

/// Which of a revision's functions are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum What {
    #[default]
    Upgrade,
    Both,
}

/// What is known of the project beyond the revision.
#[derive(Clone, Debug, Default)]
pub struct LowerOptions {
    pub dialect: Dialect,
    /// That of the metadata which `env.py` hands to Alembic: it applies to `op.*` too.
    pub naming: Naming,
    pub what: What,
}

/// Lowers a revision. It recurses: run it on a deep stack.
///
/// A revision for several databases (`upgrade(engine_name)`) has the operations of all of them, one after the other.
pub fn lower(script: &ParsedModule, modules: &dyn Modules, options: &LowerOptions) -> Program {
    let mut interpreter = Interpreter::new(modules, Limits::default());
    let mut host = Lowering::new(script, options.dialect, Rc::new(options.naming.clone()));
    let scope = interpreter.run_module(&mut host, script);
    host.begin(scope.clone());
    let mut res = Program::default();
    match run(&mut interpreter, &mut host, &scope, "upgrade") {
        Some(ops) => res.upgrade = ops,
        None => res.unknown = true,
    }
    let exhausted = interpreter.exhausted();
    if options.what == What::Both {
        interpreter.refuel();
        res.downgrade = run(&mut interpreter, &mut host, &scope, "downgrade");
    }
    (res.n_calls, res.n_known) = host.n_calls();
    // more modules make more to follow of what is too much already
    if !exhausted && !interpreter.exhausted() {
        res.missing = interpreter.missing().map(str::to_owned).collect();
    }
    res
}

/// The operations of a function; `None` when there is none.
fn run<'a>(
    interpreter: &mut Interpreter<'a>,
    host: &mut Lowering<'a>,
    scope: &Rc<Scope<'a>>,
    name: &str,
) -> Option<Vec<Op>> {
    let functions = python::functions(&scope.module.statements);
    let last = |name: &str| functions.iter().rfind(|function| function.name == name);
    let for_each_engine =
        last(name).is_some_and(|function| function.parameters.iter().any(|(name, ..)| *name == "engine_name"));
    let of_engine = |function: &&FunctionOutline<'_>| {
        function.name.strip_prefix(name).is_some_and(|engine| engine.starts_with('_'))
    };
    let names: Vec<&str> = match for_each_engine {
        true => functions.iter().filter(of_engine).map(|function| function.name).collect(),
        false => vec![name],
    };
    let mut is_there = false;
    for name in names {
        let Some(function @ Value::Function(_)) = interpreter.global(host, scope, name) else { continue };
        is_there = true;
        let written = last(name);
        if let Some(raised) = written.and_then(|function| function.raises) {
            host.push(Action::Raise, raised);
            continue;
        }
        let span = written.map_or_else(Span::default, |function| function.span);
        let arguments = written.map(|function| arguments(function, scope.module)).unwrap_or_default();
        interpreter.call(host, &function, arguments, Place { module: scope.module, span });
        if interpreter.exhausted() {
            let text = "more than can be followed".to_owned();
            host.push(Action::Unknown { text, touches: Touches::Anything }, span);
        }
    }
    is_there.then(|| host.take())
}

/// Some projects hand `op` to `upgrade(op, …)`; the rest comes from outside.
fn arguments<'a>(function: &FunctionOutline<'_>, module: &'a ParsedModule) -> Arguments<'a> {
    let mut res = Arguments::default();
    for &(name, span, has_default) in &function.parameters {
        let name = match name {
            "op" => "alembic.op".into(),
            _ if has_default => break,
            name => format!("{}.{name}", function.name).into(),
        };
        let place = Place { module, span };
        res.positional.push((Value::Term(Rc::new(Term { kind: TermKind::Name(name), place })), span));
    }
    res
}
