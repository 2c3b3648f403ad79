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

use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::program::Program;
use crate::python::interpret::{Arguments, Interpreter, Limits, Modules, ParsedModule, Place, Scope, Value};
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
    if options.what == What::Both {
        interpreter.refuel();
        res.downgrade = run(&mut interpreter, &mut host, &scope, "downgrade");
    }
    (res.n_calls, res.n_known) = host.n_calls();
    res.missing = interpreter.missing().map(str::to_owned).collect();
    res
}

/// The operations of a function; `None` when there is none.
fn run<'a>(
    interpreter: &mut Interpreter<'a>,
    host: &mut Lowering<'a>,
    scope: &Rc<Scope<'a>>,
    name: &str,
) -> Option<Vec<Op>> {
    let written = definitions(scope.module, name);
    let for_each_engine = written.last().is_some_and(|definition| {
        definition.parameters.iter().any(|parameter| parameter.name().as_str() == "engine_name")
    });
    let names: Vec<&str> = match for_each_engine {
        true => definitions(scope.module, "")
            .iter()
            .map(|definition| definition.name.as_str())
            .filter(|engine| engine.strip_prefix(name).is_some_and(|rest| rest.starts_with('_')))
            .collect(),
        false => vec![name],
    };
    let mut is_there = false;
    for name in names {
        let Some(function) = interpreter.global(host, scope, name) else { continue };
        if !matches!(function, Value::Function(_)) {
            continue;
        }
        is_there = true;
        let definition = definitions(scope.module, name).pop();
        let span = definition.map_or_else(Span::default, |definition| span(&definition.name));
        if let Some(raised) = definition.and_then(|definition| first_raise(definition)) {
            host.push(Action::Raise, raised);
            continue;
        }
        let arguments = definition.map(operations_parameter).unwrap_or_default();
        interpreter.call(host, &function, arguments, Place { module: scope.module, span });
        if interpreter.exhausted() {
            let text = "more than can be followed".to_owned();
            host.push(Action::Unknown { text, touches: Touches::Anything }, span);
        }
    }
    is_there.then(|| host.take())
}

/// The functions of a name at the top level of a module; all when the name is empty.
fn definitions<'a>(module: &'a ParsedModule, name: &str) -> Vec<&'a StmtFunctionDef> {
    let is_it = |statement: &'a Stmt| match statement {
        Stmt::FunctionDef(definition) if name.is_empty() || definition.name.as_str() == name => Some(definition),
        _ => None,
    };
    module.statements.iter().filter_map(is_it).collect()
}

/// The `raise` that a function begins with, its docstring aside.
fn first_raise(definition: &StmtFunctionDef) -> Option<Span> {
    let is_text =
        |statement: &&Stmt| matches!(statement, Stmt::Expr(text) if matches!(*text.value, Expr::StringLiteral(_)));
    match definition.body.iter().find(|statement| !is_text(statement))? {
        Stmt::Raise(raise) => Some(span(raise)),
        _ => None,
    }
}

/// Some projects hand `op` to `upgrade(op, …)`.
fn operations_parameter<'a>(definition: &StmtFunctionDef) -> Arguments<'a> {
    let _ = definition;
    Arguments::default()
}

fn span(written: &impl Ranged) -> Span {
    let range = written.range();
    Span::new(range.start().to_usize(), range.end().to_usize())
}
