//! A schema: for people a table under the other, for machines JSON, version 1.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{VERSION, to_line};
use crate::schema::{Certainty, Column, Comment, ConstraintKind, Default, EnumType, Index, Name, Schema, Table, Type};
use crate::source::escape;

/// One environment's schema, and what could not be told of it: a line each.
pub struct Shown<'a> {
    pub environment: &'a str,
    pub schema: &'a Schema,
    pub unknown: Vec<String>,
}

/// One line, without the line feed at its end.
pub fn schema_json(shown: &[Shown]) -> String {
    let environments = shown.iter().map(environment).collect();
    to_line(&SchemaJson { version: VERSION, environments })
}

/// Tables, then enum types, then what is not known.
pub fn schema_human(out: &mut dyn Write, shown: &[Shown]) -> io::Result<()> {
    for (number, Shown { environment, schema, unknown }) in shown.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let (n_tables, n_enums) = (schema.made_tables().count(), schema.enums.len());
        let (tables, enums) = (plural(n_tables), plural(n_enums));
        writeln!(out, "{}: {n_tables} table{tables}, {n_enums} enum type{enums}", escape(environment))?;
        for (name, table) in schema.made_tables() {
            writeln!(out)?;
            table_human(out, name, table)?;
        }
        if !schema.enums.is_empty() {
            writeln!(out)?;
        }
        for (name, ty) in &schema.enums {
            let values = match &ty.values {
                Some(values) => {
                    values.iter().map(|value| format!("'{}'", escape(value))).collect::<Vec<_>>().join(", ")
                }
                None => "values not known".into(),
            };
            writeln!(out, "{} enum ({values}){}", escape(&name.to_string()), maybe(ty.certainty))?;
        }
        if !unknown.is_empty() {
            writeln!(out, "\nnot known:")?;
        }
        for line in unknown {
            writeln!(out, "  {}", escape(line))?;
        }
    }
    Ok(())
}

fn table_human(out: &mut dyn Write, name: &Name, table: &Table) -> io::Result<()> {
    let more = if table.opaque { " (and more that is not known)" } else { "" };
    writeln!(out, "{}{}{more}", escape(&name.to_string()), maybe(table.certainty))?;
    let texts: Vec<[String; 2]> =
        table.columns.iter().map(|column| [&*column.name, &type_name(column)].map(escape_owned)).collect();
    let width = |at: usize| texts.iter().map(|text| text[at].chars().count()).max().unwrap_or(0);
    let (names, types) = (width(0), width(1));
    for (column, [name, ty]) in table.columns.iter().zip(&texts) {
        let null = if column.nullable { "" } else { "  not null" };
        let default = if column.default == Default::None { "" } else { "  default" };
        let line = format!("  {name:names$}  {ty:types$}{null}{default}{}", maybe(column.certainty));
        writeln!(out, "{}", line.trim_end())?;
    }
    for constraint in &table.constraints {
        let name = constraint.name.as_deref().map(escape).unwrap_or("(name not known)".into());
        let columns: Vec<_> = constraint.columns.iter().map(|column| escape(column)).collect();
        let target = match &constraint.kind {
            ConstraintKind::Foreign(reference) => format!(" -> {}", escape(&reference.table.to_string())),
            _ => String::new(),
        };
        let maybe = maybe(constraint.certainty);
        writeln!(out, "  {} {name} ({}){target}{maybe}", kind(&constraint.kind), columns.join(", "))?;
    }
    for index in &table.indexes {
        let unique = if index.unique { "unique " } else { "" };
        let columns: Vec<_> = index.columns.iter().map(|column| column.as_deref().map_or("…".into(), escape)).collect();
        writeln!(out, "  {unique}index {} ({}){}", escape(&index.name), columns.join(", "), maybe(index.certainty))?;
    }
    Ok(())
}

fn escape_owned(text: &str) -> String {
    escape(text).into_owned()
}

fn maybe(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "",
        Certainty::Maybe => "  maybe",
    }
}

fn type_name(column: &Column) -> String {
    match &column.ty {
        Type::Unknown => "?".into(),
        ty => ty.to_string(),
    }
}

fn kind(kind: &ConstraintKind) -> &'static str {
    match kind {
        ConstraintKind::Primary => "primary",
        ConstraintKind::Unique => "unique",
        ConstraintKind::Foreign(_) => "foreign",
        ConstraintKind::Check => "check",
        ConstraintKind::Exclude => "exclude",
    }
}

#[derive(Serialize)]
struct SchemaJson<'a> {
    version: u32,
    environments: Vec<EnvironmentJson<'a>>,
}

#[derive(Serialize)]
struct EnvironmentJson<'a> {
    name: &'a str,
    tables: Vec<TableJson<'a>>,
    enums: Vec<EnumJson<'a>>,
    unknown: &'a [String],
}

#[derive(Serialize)]
struct TableJson<'a> {
    schema: Option<&'a str>,
    name: &'a str,
    opaque: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
    columns: Vec<ColumnJson<'a>>,
    indexes: Vec<IndexJson<'a>>,
    constraints: Vec<ConstraintJson<'a>>,
}

#[derive(Serialize)]
struct ColumnJson<'a> {
    name: &'a str,
    /// `null`: not known.
    #[serde(rename = "type")]
    ty: Option<String>,
    nullable: bool,
    default: bool,
    maybe: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
}

#[derive(Serialize)]
struct IndexJson<'a> {
    name: &'a str,
    /// `null`: an expression.
    columns: Vec<Option<&'a str>>,
    unique: bool,
}

#[derive(Serialize)]
struct ConstraintJson<'a> {
    kind: &'static str,
    name: Option<&'a str>,
    columns: Vec<&'a str>,
    /// Of foreign keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    references: Option<ReferenceJson<'a>>,
}

#[derive(Serialize)]
struct ReferenceJson<'a> {
    schema: Option<&'a str>,
    table: &'a str,
    /// Empty: the primary key.
    columns: Vec<&'a str>,
    on_delete: Option<&'a str>,
    on_update: Option<&'a str>,
}

#[derive(Serialize)]
struct EnumJson<'a> {
    schema: Option<&'a str>,
    name: &'a str,
    /// `null`: not known.
    values: Option<Vec<&'a str>>,
}

fn environment<'a>(shown: &'a Shown) -> EnvironmentJson<'a> {
    let table = |(name, table): (&'a Name, &'a std::sync::Arc<Table>)| TableJson {
        schema: name.schema.as_deref(),
        name: &name.name,
        opaque: table.opaque,
        comment: comment(&table.comment),
        columns: table.columns.iter().map(|column| column_json(table, column)).collect(),
        indexes: table.indexes.iter().map(index_json).collect(),
        constraints: table
            .constraints
            .iter()
            .map(|constraint| ConstraintJson {
                kind: kind(&constraint.kind),
                name: constraint.name.as_deref(),
                columns: constraint.columns.iter().map(|column| &**column).collect(),
                references: reference(&constraint.kind),
            })
            .collect(),
    };
    let enumeration = |(name, ty): (&'a Name, &'a std::sync::Arc<EnumType>)| EnumJson {
        schema: name.schema.as_deref(),
        name: &name.name,
        values: ty.values.as_ref().map(|values| values.iter().map(|value| &**value).collect()),
    };
    EnvironmentJson {
        name: shown.environment,
        tables: shown.schema.made_tables().map(table).collect(),
        enums: shown.schema.enums.iter().map(enumeration).collect(),
        unknown: &shown.unknown,
    }
}

fn comment(comment: &Comment) -> Option<&str> {
    match comment {
        Comment::Text(text) => Some(text),
        Comment::None | Comment::Unknown => None,
    }
}

fn reference(kind: &ConstraintKind) -> Option<ReferenceJson<'_>> {
    let ConstraintKind::Foreign(reference) = kind else { return None };
    Some(ReferenceJson {
        schema: reference.table.schema.as_deref(),
        table: &reference.table.name,
        columns: reference.columns.iter().map(|column| &**column).collect(),
        on_delete: reference.on_delete.as_deref(),
        on_update: reference.on_update.as_deref(),
    })
}

fn column_json<'a>(table: &Table, column: &'a Column) -> ColumnJson<'a> {
    ColumnJson {
        name: &column.name,
        ty: (column.ty != Type::Unknown).then(|| column.ty.to_string()),
        nullable: column.nullable,
        default: column.default != Default::None,
        maybe: column.certainty == Certainty::Maybe || table.certainty == Certainty::Maybe,
        comment: comment(&column.comment),
    }
}

fn index_json(index: &Index) -> IndexJson<'_> {
    let columns = index.columns.iter().map(Option::as_deref).collect();
    IndexJson { name: &index.name, columns, unique: index.unique }
}
