//! What small modules declare.

mod computed;
mod plain;
mod unknown;

use std::collections::HashMap;

use super::{Declared, ModelOptions, read};
use crate::python::interpret::{Modules, ParsedModule};
use crate::python::on_deep_stack;
use crate::schema::{Certainty, Comment, Constraint, ConstraintKind, Table};

struct Project(HashMap<String, ParsedModule>);

impl Modules for Project {
    fn module(&self, dotted: &str) -> Option<&ParsedModule> {
        self.0.get(dotted)
    }
}

/// Reads the models of files; one that is called `env.py` is Alembic's.
fn declared(files: &[(&str, &str)]) -> Declared {
    on_deep_stack(|| {
        let module = |&(path, text): &(&str, &str)| {
            let name = path.trim_end_matches(".py").replace('/', ".");
            let name = name.trim_end_matches(".__init__").to_owned();
            let is_package = path.ends_with("__init__.py");
            (name.clone(), ParsedModule::read(name, path.into(), text.as_bytes(), is_package).expect("Python"))
        };
        let project = Project(files.iter().map(module).collect());
        let names = files.iter().map(|file| module(file).0).filter(|name| name != "env");
        let options = ModelOptions {
            files: names.filter_map(|name| project.module(&name)).collect(),
            env: project.module("env"),
            sqlalchemy: Some((2, 0)),
            sqlmodel: None,
        };
        read(&project, &options)
    })
}

fn constraint(constraint: &Constraint) -> String {
    let kind = match &constraint.kind {
        ConstraintKind::Primary => "primary".to_owned(),
        ConstraintKind::Unique => "unique".to_owned(),
        ConstraintKind::Check => "check".to_owned(),
        ConstraintKind::Exclude => "exclude".to_owned(),
        ConstraintKind::Foreign(reference) => {
            let action = reference.on_delete.as_ref().map(|action| format!(" {action}")).unwrap_or_default();
            format!("-> {}({}){action}", reference.table, reference.columns.join(","))
        }
    };
    let name = constraint.name.as_deref().unwrap_or("-");
    let maybe = if constraint.certainty == Certainty::Maybe { "?" } else { "" };
    format!("  {name}{maybe} ({}) {kind}", constraint.columns.join(","))
}

fn table(name: &str, table: &Table) -> Vec<String> {
    let mark = |of: bool, mark: &'static str| if of { mark } else { "" };
    let maybe = mark(table.certainty == Certainty::Maybe, "?");
    let mut res = vec![format!("{name}{maybe}{}{}", mark(table.opaque, " opaque"), mark(table.unnamed, " unnamed"))];
    if let Comment::Text(text) = &table.comment {
        res.push(format!("  # {text}"));
    }
    for column in &table.columns {
        let null = mark(!column.nullable, " not null");
        res.push(format!("  {} {}{null}{}", column.name, column.ty, mark(column.certainty == Certainty::Maybe, " ?")));
    }
    res.extend(table.constraints.iter().map(constraint));
    for index in &table.indexes {
        let columns: Vec<&str> = index.columns.iter().map(|name| name.as_deref().unwrap_or("…")).collect();
        res.push(format!("  {} ({}){} index", index.name, columns.join(","), mark(index.unique, " unique")));
    }
    res
}

fn lines(declared: &Declared) -> Vec<String> {
    let tables = declared.schema.tables.iter();
    let mut res: Vec<String> = tables.flat_map(|(name, found)| table(&name.to_string(), found)).collect();
    res.extend(declared.unknown.iter().filter(|unknown| unknown.table.is_none()).map(|unknown| {
        format!("unknown: {}", unknown.source.text.get(unknown.span.start..unknown.span.end).unwrap_or_default())
    }));
    res
}

#[track_caller]
fn check_files(files: &[(&str, &str)], expected: &str) {
    let found = lines(&declared(files)).join("\n");
    let expected: Vec<&str> = expected.lines().filter(|line| !line.trim().is_empty()).collect();
    assert_eq!(found, expected.join("\n"), "\n{found}\n");
}

const PREFIX: &str = "import sqlalchemy as sa\nfrom sqlalchemy import *\nfrom sqlalchemy import Column, Integer, String, \
                      ForeignKey, Index, UniqueConstraint, Table, MetaData, PrimaryKeyConstraint, ForeignKeyConstraint, Text\n\
                      from sqlalchemy.orm import declarative_base, declared_attr, DeclarativeBase, relationship, registry\n\
                      Base = declarative_base()\n";

#[track_caller]
fn check(code: &str, expected: &str) {
    check_files(&[("models.py", &format!("{PREFIX}{code}"))], expected);
}
