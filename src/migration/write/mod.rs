//! How a change is written in a migration: the call that Alembic's autogenerate would write, and what it would leave out.

mod python;
#[cfg(test)]
mod tests;
mod types;

use std::sync::Arc;

use crate::schema::{
    Certainty, Change, Column, Comment, Constraint, ConstraintKind, Default, Deferral, EnumUse, Index, Name, Table,
    Type, What, casts_without_using, quoted,
};
use python::{Call, list, text};

/// The operation that makes a change, as Python: `op.add_column("t", sa.Column("a", sa.Integer(), nullable=False))`. One line but for
/// `op.create_table`. What cannot be told is a blank: `<geometry>`.
pub fn operation(change: &Change) -> String {
    let table = &change.table;
    let call = |name: &str| Call::new(&format!("op.{name}"));
    let existing = || change.existing.as_ref().filter(|ty| **ty != Type::Unknown);
    let alter = |column: &str| {
        let res = call("alter_column").text(&table.name).text(column);
        match existing() {
            Some(ty) => res.keyword("existing_type", &types::spelled(ty, &change.enums)),
            None => res,
        }
    };
    match &change.what {
        What::AddTable(definition) => create_table(table, definition, &change.enums),
        What::RemoveTable => call("drop_table").text(&table.name).schema(table).one_line(),
        What::AddColumn(definition) => {
            let column = column(definition, &change.enums, true);
            call("add_column").text(&table.name).value(&column).schema(table).one_line()
        }
        What::RemoveColumn(column) => call("drop_column").text(&table.name).text(column).schema(table).one_line(),
        What::ModifyType { column, from: _, to } => {
            let res = alter(column).keyword("type_", &types::spelled(to, &change.enums));
            let res = match using(change) {
                Some(using) => res.keyword("postgresql_using", &text(&using)),
                None => res,
            };
            res.schema(table).one_line()
        }
        What::ModifyNullable { column, nullable } => {
            alter(column).keyword("nullable", python::boolean(*nullable)).schema(table).one_line()
        }
        What::ModifyDefault { column, to } => {
            let default = server_default(to).unwrap_or_else(|| "None".to_owned());
            alter(column).keyword("server_default", &default).schema(table).one_line()
        }
        What::ModifyComment { column: Some(column), to } => {
            alter(column).keyword("comment", &comment(to)).schema(table).one_line()
        }
        What::ModifyComment { column: None, to } => match to {
            Comment::Text(comment) if !comment.is_empty() => {
                call("create_table_comment").text(&table.name).text(comment).schema(table).one_line()
            }
            _ => call("drop_table_comment").text(&table.name).schema(table).one_line(),
        },
        What::AddIndex(index) => create_index(table, index),
        What::RemoveIndex(index) => call("drop_index")
            .value(&index_name(table, index))
            .keyword("table_name", &text(&table.name))
            .schema(table)
            .one_line(),
        What::AddConstraint(constraint) => create_constraint(table, constraint),
        What::RemoveConstraint(constraint) => {
            let name = text(constraint.name.as_deref().unwrap_or("<its name>"));
            let kind = match &constraint.kind {
                ConstraintKind::Primary => "primary",
                ConstraintKind::Unique => "unique",
                ConstraintKind::Foreign(_) => "foreignkey",
                ConstraintKind::Check => "check",
                ConstraintKind::Exclude => "exclude",
            };
            call("drop_constraint")
                .value(&name)
                .text(&table.name)
                .keyword("type_", &text(kind))
                .schema(table)
                .one_line()
        }
        What::AddEnumValue { ty, value } => {
            let sql =
                format!("ALTER TYPE {} ADD VALUE IF NOT EXISTS {}", python::sql_name(ty), python::sql_text(value));
            call("execute").text(&sql).one_line()
        }
        What::RemoveEnumValue { ty, value } => {
            let sql = format!(
                "ALTER TYPE {} RENAME VALUE {} TO '<new value>'",
                python::sql_name(ty),
                python::sql_text(value)
            );
            call("execute").text(&sql).one_line()
        }
    }
}

/// What the operation needs besides, or would fail for.
pub fn reminder(change: &Change) -> Option<String> {
    let missing = change.enums.iter().filter(|used| !used.there).map(types::create).collect::<Vec<_>>();
    match &change.what {
        What::AddColumn(column) if !missing.is_empty() => {
            let first = format!("`add_column` does not create the type: run `{}` first", missing.join("; "));
            Some(match needs_default(column) {
                true => format!("{first}; and {}", default_reminder(column)),
                false => first,
            })
        }
        What::AddColumn(column) if needs_default(column) => Some(default_reminder(column)),
        What::ModifyType { .. } if !missing.is_empty() => {
            Some(format!("`alter_column` does not create the type: run `{}` first", missing.join("; ")))
        }
        What::ModifyType { column, .. } => using(change).map(|_| {
            format!("PostgreSQL does not convert `{column}` by itself: say how in `postgresql_using`, and drop its default before")
        }),
        What::ModifyNullable { column, nullable: false } => {
            Some(format!("where `{column}` is NULL in a row, it needs a value first: `UPDATE … SET {column} = …`"))
        }
        What::AddEnumValue { value, .. } => {
            Some(format!("{} cannot be used before the transaction that adds it is committed", python::sql_text(value)))
        }
        What::RemoveEnumValue { ty, .. } => Some(format!(
            "PostgreSQL drops no values: rename it, or make a new type, convert the columns with `postgresql_using` and drop `{}`",
            ty.name
        )),
        What::AddConstraint(constraint) if constraint.kind == ConstraintKind::Unique => {
            Some("it fails where rows are alike in these columns".to_owned())
        }
        What::AddTable(_)
        | What::RemoveTable
        | What::AddColumn(_)
        | What::RemoveColumn(_)
        | What::ModifyNullable { .. }
        | What::ModifyDefault { .. }
        | What::ModifyComment { .. }
        | What::AddIndex(_)
        | What::RemoveIndex(_)
        | What::AddConstraint(_)
        | What::RemoveConstraint(_) => None,
    }
}

fn needs_default(column: &Column) -> bool {
    !column.nullable && column.default == Default::None && column.certainty == Certainty::Certain
}

fn default_reminder(column: &Column) -> String {
    format!(
        "rows that are there have no value for `{}`: give it a `server_default`, or add it as nullable, fill it, and alter it",
        column.name
    )
}

/// What PostgreSQL must be told to convert a column.
fn using(change: &Change) -> Option<String> {
    let What::ModifyType { column, from, to } = &change.what else { return None };
    let is_enum =
        |ty: &Type| matches!(ty, Type::Named { name, .. } if change.enums.iter().any(|used| used.name == *name));
    let casts = match (from, to) {
        (Type::BuiltIn { .. } | Type::Named { .. }, to) if is_enum(to) => from == to,
        _ => casts_without_using(from, to)?,
    };
    (!casts).then(|| format!("{}::{to}", quoted(column)))
}

fn create_table(name: &Name, table: &Table, enums: &[EnumUse]) -> String {
    let mut call = Call::new("op.create_table").text(&name.name);
    for definition in &table.columns {
        call = call.value(&column(definition, enums, false));
    }
    for constraint in &table.constraints {
        if let Some(constraint) = table_constraint(constraint) {
            call = call.value(&constraint);
        }
    }
    call = call.schema(name);
    if let Comment::Text(comment) = &table.comment {
        call = call.keyword("comment", &text(comment));
    }
    call.lines()
}

fn column(column: &Column, enums: &[EnumUse], alone: bool) -> String {
    let mut call = Call::new("sa.Column").text(&column.name).value(&types::of_column(&column.ty, enums, alone));
    if let Some(default) = server_default(&column.default) {
        call = call.keyword("server_default", &default);
    }
    call = call.keyword("nullable", python::boolean(column.nullable));
    if let Comment::Text(comment) = &column.comment {
        call = call.keyword("comment", &text(comment));
    }
    call.one_line()
}

/// A literal as text, anything else as SQL; `None` where there is none that could be told.
fn server_default(default: &Default) -> Option<String> {
    let Default::Some(Some(sql)) = default else { return None };
    let literal = sql.strip_prefix('\'').and_then(|sql| sql.strip_suffix('\''));
    Some(match literal.filter(|inner| !inner.replace("''", "").contains('\'')) {
        Some(inner) => text(&inner.replace("''", "'")),
        None => Call::new("sa.text").text(sql).one_line(),
    })
}

fn comment(comment: &Comment) -> String {
    match comment {
        Comment::Text(comment) if !comment.is_empty() => text(comment),
        Comment::Text(_) | Comment::None | Comment::Unknown => "None".to_owned(),
    }
}

/// In a CREATE TABLE. The text of a CHECK is not known.
fn table_constraint(constraint: &Constraint) -> Option<String> {
    let res = match &constraint.kind {
        ConstraintKind::Primary | ConstraintKind::Unique => {
            let class =
                if constraint.kind == ConstraintKind::Unique { "UniqueConstraint" } else { "PrimaryKeyConstraint" };
            let call = Call::new(&format!("sa.{class}"));
            constraint.columns.iter().fold(call, |call, column| call.text(column))
        }
        ConstraintKind::Foreign(reference) => {
            let columns = reference.columns.iter().map(|column| text(&format!("{}.{column}", reference.table)));
            let call =
                Call::new("sa.ForeignKeyConstraint").value(&list(constraint.columns.iter().map(|column| text(column))));
            actions(call.value(&list(columns)), constraint)
        }
        ConstraintKind::Check | ConstraintKind::Exclude => return None,
    };
    Some(
        match &constraint.name {
            Some(name) => res.keyword("name", &text(name)),
            None => res,
        }
        .one_line(),
    )
}

fn actions(call: Call, constraint: &Constraint) -> Call {
    let ConstraintKind::Foreign(reference) = &constraint.kind else { return call };
    let given = [("ondelete", &reference.on_delete), ("onupdate", &reference.on_update)];
    let call = match reference.deferral {
        Deferral::Never => call,
        Deferral::Possible => call.keyword("deferrable", "True"),
        Deferral::Initially => call.keyword("deferrable", "True").keyword("initially", &text("DEFERRED")),
    };
    given.into_iter().fold(call, |call, (name, action)| match action {
        Some(action) => call.keyword(name, &text(action)),
        None => call,
    })
}

fn create_index(table: &Name, index: &Index) -> String {
    let column = |(at, column): (usize, &Option<Arc<str>>)| match (column, index.order(at).to_string()) {
        (None, _) => Call::new("sa.text").text("<expression>").one_line(),
        (Some(column), order) if order.is_empty() => text(column),
        (Some(column), order) => Call::new("sa.text").text(&format!("{}{order}", quoted(column))).one_line(),
    };
    Call::new("op.create_index")
        .value(&index_name(table, index))
        .text(&table.name)
        .value(&list(index.columns.iter().enumerate().map(column)))
        .keyword("unique", python::boolean(index.unique))
        .schema(table)
        .one_line()
}

/// One that SQLAlchemy made is final.
fn index_name(table: &Name, index: &Index) -> String {
    let schema = table.schema.as_ref().map(|schema| format!("{schema}_")).unwrap_or_default();
    let columns: Vec<&str> = index.columns.iter().flatten().map(|column| &**column).collect();
    let made = columns.first().map(|column| format!("ix_{schema}{}_{column}", table.name));
    match made.as_deref() == Some(&*index.name) {
        true => Call::new("op.f").text(&index.name).one_line(),
        false => text(&index.name),
    }
}

fn create_constraint(table: &Name, constraint: &Constraint) -> String {
    let name = constraint.name.as_deref().map_or_else(|| "None".to_owned(), text);
    let columns = list(constraint.columns.iter().map(|column| text(column)));
    match &constraint.kind {
        ConstraintKind::Foreign(reference) => {
            let target = list(reference.columns.iter().map(|column| text(column)));
            let call = Call::new("op.create_foreign_key").value(&name).text(&table.name).text(&reference.table.name);
            let mut call = call.value(&columns).value(&target);
            if let Some(schema) = &table.schema {
                call = call.keyword("source_schema", &text(schema));
            }
            if let Some(schema) = &reference.table.schema {
                call = call.keyword("referent_schema", &text(schema));
            }
            actions(call, constraint).one_line()
        }
        ConstraintKind::Primary => {
            Call::new("op.create_primary_key").value(&name).text(&table.name).value(&columns).schema(table).one_line()
        }
        ConstraintKind::Unique | ConstraintKind::Check | ConstraintKind::Exclude => {
            Call::new("op.create_unique_constraint")
                .value(&name)
                .text(&table.name)
                .value(&columns)
                .schema(table)
                .one_line()
        }
    }
}
