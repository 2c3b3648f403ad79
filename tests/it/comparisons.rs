//! The difference between a database and models, small ones, as the real Alembic tells it.
//!
//! `comparisons/*.toml` are lists of cases: the SQL that makes a database, the models as `sa.Table`s on `metadata`, and what
//! Alembic's autogenerate says (`tests/oracle/comparisons.rs` asks it): `kind table[.columns][ name]`. `ours` is what is said of it
//! here where that differs, and `why` says why that is meant.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use onehead::migration::lower::{LowerOptions, lower};
use onehead::migration::operation;
use onehead::python::interpret::{Modules, ParsedModule};
use onehead::python::{on_deep_stack, parse};
use onehead::schema::{
    Action, Certainty, Change, Column, Constraint, ConstraintKind, Context, DiffOptions, EnumType, Index, Op, Origin,
    Rows, Schema, Table, TableDef, Transactions, diff, filled,
};
use onehead::source::{Source, Span};
use onehead::sql::{Binds, Dialect, Options};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    defaults: bool,
    database: String,
    models: String,
    changes: Vec<String>,
    ours: Option<Vec<String>>,
    why: Option<String>,
}

#[test]
fn differences_are_those_that_alembic_finds() {
    let mut complaints = Vec::new();
    let cases = cases();
    assert!(cases.len() >= 120, "{}", cases.len());
    for (file, case) in &cases {
        assert_eq!(case.ours.is_some(), case.why.is_some(), "{file}: {}", case.name);
        let expected = case.ours.as_ref().unwrap_or(&case.changes);
        let (database, models) = (database(&case.database), models(&case.models));
        let options = DiffOptions { postgresql: true, types: true, defaults: case.defaults };
        let changes = diff(&database, &models, options);
        let mut found: Vec<String> = changes.iter().map(said).collect();
        found.sort();
        if found != *expected {
            complaints.push(format!("{file}, {}: {found:?}, and not {expected:?}", case.name));
        }
        for change in &changes {
            assert!(change.asks_the_same(change), "{}", case.name);
        }
        let written: Vec<String> = changes.iter().map(operation).collect();
        let rest = diff(&migrated(&database, &written.join("\n")), &models, options);
        let rest: Vec<String> = rest.iter().map(said).collect();
        if !rest.is_empty() && !written.iter().any(|operation| operation.contains('<')) {
            complaints.push(format!("{file}, {}: {rest:?} remain behind\n{}", case.name, written.join("\n")));
        }
        // what is certain is not filled in
        let again = diff(&filled(&database, &models), &models, options);
        if again.iter().map(said).collect::<Vec<_>>() != changes.iter().map(said).collect::<Vec<_>>() {
            let again: Vec<String> = again.iter().map(said).collect();
            complaints.push(format!("{file}, {}: filled: {again:?}, and not {found:?}", case.name));
        }
        // and what is all in doubt is as the models have it
        let mut open = database;
        open.open_up();
        let rest = diff(&filled(&open, &models), &models, options);
        let rest: Vec<String> = rest.iter().map(said).collect();
        if !rest.is_empty() {
            complaints.push(format!("{file}, {}: {rest:?} in doubt", case.name));
        }
        let itself = diff(&filled(&open, &models), &models, options);
        assert_eq!(itself, Vec::new(), "{}", case.name);
    }
    assert!(complaints.is_empty(), "{} of {} cases:\n{}", complaints.len(), cases.len(), complaints.join("\n"));
}

fn said(change: &Change) -> String {
    let columns = change.columns().join(",");
    let columns = if columns.is_empty() || change.kind().ends_with("_index") { columns } else { format!(".{columns}") };
    let columns = if change.kind().ends_with("_index") { String::new() } else { columns };
    let name = change.name().map(|name| format!(" {name}")).unwrap_or_default();
    let value = if change.kind().ends_with("_enum_value") { format!(" {}", change.detail()) } else { String::new() };
    format!("{} {}{columns}{name}{value}", change.kind(), change.table)
}

fn cases() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/comparisons");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let cases: Cases = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        cases.case.into_iter().map(move |case| (file.clone(), case))
    };
    paths.iter().flat_map(read).collect()
}

fn context() -> Context {
    Context {
        revision: 0,
        base: true,
        postgresql: true,
        sqlalchemy: None,
        transactions: Transactions::WholeRun,
        enums: Arc::default(),
    }
}

/// What the SQL makes of an empty database.
fn database(sql: &str) -> Schema {
    let mut res = Schema::default();
    let context = context();
    res.begin_run();
    res.begin_revision(&context);
    let options = Options { dialect: Dialect::PostgreSql, binds: Binds::Raw };
    for statement in onehead::sql::parse(sql, &options) {
        let op = Op { action: statement.action, span: Span::default(), guards: statement.guards };
        res.apply(&op, &context);
    }
    res
}

/// What a migration of these operations makes of a database.
fn migrated(database: &Schema, operations: &str) -> Schema {
    let operations: String = operations.lines().map(|line| format!("    {line}\n")).collect();
    let mut res = database.clone();
    for op in lowered(&format!("{HEADER}def upgrade():\n    pass\n{operations}")) {
        res.apply(&op, &context());
    }
    res
}

const HEADER: &str =
    "import enum\nimport sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.dialects import postgresql\n";

fn lowered(text: &str) -> Vec<Op> {
    on_deep_stack(|| {
        let statements = parse(text).statements;
        let source = Arc::new(Source::new("script.py".into(), text.to_owned()));
        let module = ParsedModule { source, statements, name: "script".to_owned(), is_package: false };
        lower(&module, &NoModules, &LowerOptions::default()).upgrade
    })
}

struct NoModules;

impl Modules for NoModules {
    fn module(&self, _: &str) -> Option<&ParsedModule> {
        None
    }
}

/// What `metadata.create_all` would make of the tables.
fn models(text: &str) -> Schema {
    let text =
        format!("{HEADER}metadata = sa.MetaData()\n{text}\ndef upgrade():\n    metadata.create_all(op.get_bind())\n");
    let ops = lowered(&text);
    let mut res = Schema::default();
    for op in ops {
        match op.action {
            Action::CreateTable(definition) => {
                for enumeration in definition.columns.iter().filter_map(|column| column.enumeration.as_ref()) {
                    let ty =
                        EnumType { values: enumeration.values.clone(), certainty: Certainty::Certain, origin: None };
                    res.enums.insert(enumeration.name.clone(), ty.into());
                }
                res.tables.insert(definition.name.clone(), table(definition).into());
            }
            Action::CreateEnum { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    res
}

fn table(definition: TableDef) -> Table {
    let origin = Some(Origin { file: 0, span: Span::default() });
    let mut constraints = definition.constraints;
    let mut indexes = Vec::new();
    let mut columns = Vec::new();
    for column in definition.columns {
        constraints.extend(column.constraints.into_iter().map(|constraint| match constraint.columns.is_empty() {
            true if constraint.kind != ConstraintKind::Check => {
                Constraint { columns: vec![column.name.clone()], ..constraint }
            }
            _ => constraint,
        }));
        indexes.extend(column.index);
        columns.push(Column {
            name: column.name,
            ty: column.ty,
            nullable: column.nullable,
            default: column.default,
            certainty: if column.certain { Certainty::Certain } else { Certainty::Maybe },
            origin,
            required: None,
            comment: column.comment,
        });
    }
    let indexes = indexes.into_iter().chain(definition.indexes).map(|index| Index {
        name: index.name.expect("a name"),
        columns: index.columns,
        orders: index.orders,
        unique: index.unique,
        certainty: Certainty::Certain,
        origin,
    });
    Table {
        columns,
        constraints,
        indexes: indexes.collect(),
        certainty: Certainty::Certain,
        opaque: definition.opaque,
        rows: Rows::Possible,
        origin,
        doubtful: Vec::new(),
        unnamed: false,
        comment: definition.comment,
    }
}
