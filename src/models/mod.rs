//! What the models of a project declare, as one schema: runs their modules and links what they declare. Reads no file, and knows nothing of
//! migrations.

mod collect;
mod gather;
mod library;
mod link;
mod target;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::python::interpret::{Interpreter, Limits, Modules, ParsedModule};
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

impl Declared {
    /// The file that declares a table.
    pub fn file_of(&self, table: &Name) -> Option<&Arc<Source>> {
        self.sources.get(self.schema.tables.get(table)?.origin?.file)
    }
}

/// What one module may do at most.
const LIMITS: Limits =
    Limits { steps: 1_000_000, calls: 40, text: 1 << 20, items: 20_000, rounds: 5_000, depth: 4_000 };

/// Reads the models. It recurses: run it on a deep stack.
pub fn read(modules: &dyn Modules, options: &ModelOptions) -> Declared {
    let mut res = Declared::default();
    let modules = library::WithLibraries::new(modules);
    let mut interpreter = Interpreter::new(&modules, LIMITS);
    let mut collector = Collector::default();
    for module in as_imported(&mut interpreter, &options.files) {
        interpreter.refuel();
        let scope = interpreter.visit_module(&mut collector, module);
        let whole = interpreter.exhausted().then(Span::default);
        let lost = interpreter.lost_classes(&mut collector, &scope);
        let unknown = |span| Unknown { table: None, source: module.source.clone(), span };
        res.unknown.extend(whole.into_iter().chain(lost).map(unknown));
    }
    let targets = target::targets(&mut interpreter, &mut collector, options.env);
    let versions = Versions { sqlalchemy: options.sqlalchemy, sqlmodel: options.sqlmodel };
    let found = gather::gather(&mut interpreter, &mut collector, &targets, versions, &mut res.unknown);
    link::link(found, &mut res);
    res.missing = interpreter.missing().map(str::to_owned).collect();
    res
}

/// The modules in the order in which Python comes to the end of them: what one imports first. So each does what is its own with steps
/// of its own.
fn as_imported<'a>(interpreter: &mut Interpreter<'a>, files: &[&'a ParsedModule]) -> Vec<&'a ParsedModule> {
    let asked: HashSet<*const ParsedModule> = files.iter().map(|module| *module as *const _).collect();
    let mut seen: HashSet<*const ParsedModule> = HashSet::new();
    let mut res = Vec::with_capacity(files.len());
    for file in files {
        if !seen.insert(*file) {
            continue;
        }
        let mut open = vec![(*file, interpreter.imports_of(file).into_iter())];
        while let Some((module, imports)) = open.last_mut() {
            match imports.next() {
                Some(next) if seen.insert(next) => open.push((next, interpreter.imports_of(next).into_iter())),
                Some(_) => {}
                None => {
                    if asked.contains(&(*module as *const _)) {
                        res.push(*module);
                    }
                    open.pop();
                }
            }
        }
    }
    res
}
