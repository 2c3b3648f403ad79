//! What the models of a project declare, as one schema: runs their modules and links what they declare. Reads no file, and knows nothing of
//! migrations.

mod collect;
mod gather;
mod link;
mod target;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use ruff_python_ast::Stmt;

use crate::python::interpret::{Interpreter, Limits, Modules, ParsedModule, Value};
use crate::schema::{Name, Schema};
use crate::source::{Source, Span};
use crate::sqlalchemy::Versions;

use self::collect::Collector;

/// What is asked.
pub struct ModelOptions<'o> {
    /// The modules that may declare tables.
    pub files: Vec<&'o ParsedModule>,
    /// `env.py`: whose `target_metadata` says which tables count.
    pub env: Option<&'o ParsedModule>,
    /// Major and minor, when known.
    pub sqlalchemy: Option<(u32, u32)>,
    pub sqlmodel: Option<(u32, u32, u32)>,
}

/// What the models declare.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// Origins count the `sources`.
    pub schema: Schema,
    pub sources: Vec<Arc<Source>>,
    /// What was not understood.
    pub unknown: Vec<Unknown>,
    /// Modules that were asked for and not there: most are libraries'.
    pub missing: BTreeSet<String>,
}

/// Code that declares something we cannot tell.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// The table it is about; `None`: nobody knows.
    pub table: Option<Name>,
    pub source: Arc<Source>,
    pub span: Span,
}

/// What one module may do at most.
const LIMITS: Limits =
    Limits { steps: 1_000_000, calls: 40, text: 1 << 20, items: 20_000, rounds: 5_000, depth: 4_000 };

/// Reads the models. It recurses: run it on a deep stack.
pub fn read(modules: &dyn Modules, options: &ModelOptions) -> Declared {
    let mut res = Declared::default();
    let mut interpreter = Interpreter::new(modules, LIMITS);
    let mut collector = Collector::default();
    for module in &options.files {
        interpreter.refuel();
        let scope = interpreter.visit_module(&mut collector, module);
        let mut unknown = |span| res.unknown.push(Unknown { table: None, source: module.source.clone(), span });
        if interpreter.exhausted() {
            unknown(Span::default());
        }
        // a class that was too much
        for statement in &module.statements {
            if let Stmt::ClassDef(class) = statement
                && let Some(Value::Unknown) = interpreter.global(&mut collector, &scope, class.name.as_str())
            {
                unknown(Span::new(class.name.range.start().to_usize(), class.name.range.end().to_usize()));
            }
        }
    }
    let targets = target::targets(&mut interpreter, &mut collector, options.env);
    let versions = Versions { sqlmodel: options.sqlmodel };
    let found = gather::gather(&mut interpreter, &mut collector, &targets, versions, &mut res.unknown);
    link::link(found, &mut res);
    res.missing = interpreter.missing().map(str::to_owned).collect();
    res
}
