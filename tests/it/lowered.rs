//! How much of what migrations do is understood, counted on the cases of the rules and on shapes that real projects write
//! (`shapes/`). The share may only rise.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use onehead::migration::lower::{LowerOptions, What, lower};
use onehead::python::interpret::{Modules, ParsedModule};
use onehead::python::{on_deep_stack, parse};
use onehead::source::Source;

/// In thousandths. Raise it when more is understood.
const SHARE: usize = 995;

struct NoModules;

impl Modules for NoModules {
    fn module(&self, _: &str) -> Option<&ParsedModule> {
        None
    }
}

#[test]
#[allow(clippy::print_stdout)]
fn operations_are_understood() {
    let (mut n_calls, mut n_known, mut n_files) = (0, 0, 0);
    for path in scripts() {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (calls, known) = on_deep_stack(|| {
            let statements = parse(&text).statements;
            let source = Arc::new(Source::new(name.as_str().into(), text.clone()));
            let module = ParsedModule { source, statements, name: name.clone(), is_package: false };
            let program = lower(&module, &NoModules, &LowerOptions { what: What::Both, ..LowerOptions::default() });
            (program.n_calls, program.n_known)
        });
        if known < calls {
            println!("{name}: {known} of {calls}");
        }
        n_files += 1;
        n_calls += calls;
        n_known += known;
    }
    println!("{n_known} of {n_calls} operations in {n_files} revisions are understood");
    assert!(n_calls > 500, "{n_calls}");
    assert!(1000 * n_known >= SHARE * n_calls, "{n_known} of {n_calls}: fewer than before");
}

fn scripts() -> Vec<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let mut todo = ["rules", "stories", "shapes"].map(|folder| tests.join(folder)).to_vec();
    let mut res = Vec::new();
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "py") {
            res.push(path);
        }
    }
    res.sort();
    res
}
