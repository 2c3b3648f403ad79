//! Shapes that migrations have, and the operations they are.

mod conditions;
mod declarations;
mod operations;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::*;
use crate::python;
use crate::schema::{
    ColumnDef, ConstraintKind, Default as Filler, Error, Guard, Inserted, Object, Scalar, Type, TypeCreation,
};
use crate::source::{RepoPath, Source};

struct Files(HashMap<String, ParsedModule>);

impl Modules for Files {
    fn module(&self, dotted: &str) -> Option<&ParsedModule> {
        self.0.get(dotted)
    }
}

fn parsed(name: &str, text: &str) -> ParsedModule {
    let module = python::parse(text);
    assert_eq!(module.error, None, "{text}");
    let source = Arc::new(Source::new(RepoPath::from(name), text));
    ParsedModule { source, statements: module.statements, name: name.into(), is_package: false }
}

fn program_with(text: &str, files: &[(&str, &str)], options: &LowerOptions) -> Program {
    let files = Files(files.iter().map(|(name, text)| ((*name).to_owned(), parsed(name, text))).collect());
    lower(&parsed("versions.a1", text), &files, options)
}

const HEAD: &str = "\
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = 'a1'
down_revision = None
";

fn program(rest: &str) -> Program {
    program_with(&format!("{HEAD}{rest}"), &[], &LowerOptions { what: What::Both, ..LowerOptions::default() })
}

/// The operations of an `upgrade` of these lines.
fn ops(lines: &str) -> Vec<Op> {
    let body: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    let res = program(&format!("def upgrade():\n{body}"));
    assert!(!res.unknown);
    res.upgrade
}

fn actions(lines: &str) -> Vec<Action> {
    ops(lines).into_iter().map(|op| op.action).collect()
}

fn action(line: &str) -> Action {
    let mut all = actions(line);
    assert_eq!(all.len(), 1, "{line}: {all:?}");
    all.remove(0)
}

fn table(line: &str) -> TableDef {
    match action(line) {
        Action::CreateTable(table) => table,
        other => panic!("{line}: {other:?}"),
    }
}

use crate::schema::TableDef;

fn column(written: &str) -> ColumnDef {
    match action(&format!("op.add_column('t', {written})")) {
        Action::AddColumn { column, .. } => column,
        other => panic!("{written}: {other:?}"),
    }
}

fn names(columns: &[Arc<str>]) -> Vec<&str> {
    columns.iter().map(|name| &**name).collect()
}
