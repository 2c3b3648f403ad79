//! CREATE TABLE, and the columns and constraints that ALTER TABLE adds the same way.

use std::sync::Arc;

use super::cursor::{Cursor, Read, Stop};
use super::query::{Query, Scope, columns};
use super::token::{Kind, Token};
use super::types::column_type;
use super::{Dialect, dml};
use crate::schema::{
    Action, Certainty, ColumnDef, Comment, Comparison, Constraint, ConstraintKind, Default, Deferral, Name, Reference,
    TableDef,
};

/// What begins a constraint of a table, and what may follow a column's type.
pub const CONSTRAINT_WORDS: [&str; 6] = ["constraint", "unique", "primary", "check", "foreign", "exclude"];
const COLUMN_WORDS: [&str; 14] = [
    "constraint",
    "not",
    "null",
    "default",
    "unique",
    "primary",
    "check",
    "references",
    "generated",
    "collate",
    "deferrable",
    "initially",
    "storage",
    "compression",
];

/// Behind `CREATE [TEMPORARY] TABLE`.
pub fn create(cursor: &mut Cursor, temporary: bool) -> Read<Vec<Action>> {
    let if_not_exists = cursor.if_not_exists();
    let name = cursor.qualified()?;
    let mut table = TableDef {
        comment: Comment::None,
        name,
        columns: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        if_not_exists,
        opaque: false,
        temporary,
    };
    let mut actions = Vec::new();
    let mut compares = Vec::new();
    if cursor.is(&["partition", "of"]) || cursor.is(&["of"]) {
        table.opaque = true;
        cursor.skip_while(|_, _| true);
    } else if cursor.is_mark(b'(') {
        let group = cursor.clone().group();
        // CREATE TABLE t (a, b) AS
        if group.is_ok_and(|group| is_names_only(&group, cursor)) {
            table.opaque = true;
            cursor.group()?;
        } else {
            cursor.in_group(|group| elements(group, &mut table, &mut compares))?;
        }
    } else if cursor.is(&["like"]) && cursor.source.options.dialect == Dialect::Other {
        table.opaque = true;
        cursor.skip_while(|_, _| true);
    }
    options(cursor, &mut table)?;
    if cursor.eat(&["as"]) {
        table.opaque = true;
        let query = cursor.skip_while(|_, _| true);
        actions.extend(dml::reads(cursor.source, query));
    }
    let name = table.name.clone();
    actions.push(Action::CreateTable(table));
    actions.extend(checked(&name, compares));
    Ok(actions)
}

/// What a CHECK compares, once it is there: PostgreSQL reads the literals then and there.
pub fn checked(table: &Name, compares: Vec<Comparison>) -> Option<Action> {
    (!compares.is_empty()).then(|| Action::Select { tables: vec![table.clone()], compares })
}

fn is_names_only(group: &Cursor, around: &Cursor) -> bool {
    let behind = around.rest().get(group.tokens.len() + 2..).unwrap_or(&[]);
    behind.iter().any(|token| around.source.is_word(token, "as"))
        && group.tokens.iter().all(|token| token.is_name() || token.kind == Kind::Mark(b','))
}

fn options(cursor: &mut Cursor, table: &mut TableDef) -> Read<()> {
    loop {
        if cursor.eat(&["inherits"]) {
            cursor.in_group(|parents| parents.list(Cursor::qualified))?;
            table.opaque = true;
        } else if cursor.eat(&["partition", "by"]) {
            cursor.label()?;
            cursor.group()?;
        } else if cursor.eat(&["using"]) || cursor.eat(&["tablespace"]) {
            cursor.label()?;
        } else if cursor.is(&["with"]) && cursor.peek_at(1).is_some_and(is_open) {
            cursor.at += 1;
            cursor.group()?;
        } else if cursor.eat(&["without", "oids"]) {
        } else if cursor.eat(&["on", "commit"]) {
            if !cursor.eat(&["drop"]) && !cursor.eat(&["preserve", "rows"]) {
                cursor.expect(&["delete", "rows"])?;
            }
        } else {
            return Ok(());
        }
    }
}

fn is_open(token: &Token) -> bool {
    token.kind == Kind::Mark(b'(')
}

/// What stands between the brackets of CREATE TABLE.
fn elements(cursor: &mut Cursor, table: &mut TableDef, compares: &mut Vec<Comparison>) -> Read<()> {
    let is_other = cursor.source.options.dialect == Dialect::Other;
    if cursor.is_done() {
        return Ok(());
    }
    loop {
        match element(cursor, table, compares) {
            Ok(()) => {}
            Err(stop @ Stop::Unexpected(_)) if !is_other => return Err(stop),
            Err(_) => {
                table.opaque = true;
                cursor.skip_while(|_, token| token.kind != Kind::Mark(b','));
            }
        }
        if !cursor.eat_mark(b',') {
            break;
        }
    }
    for constraint in &table.constraints {
        if constraint.kind == ConstraintKind::Primary {
            let is_key = |column: &&mut ColumnDef| constraint.columns.contains(&column.name);
            table.columns.iter_mut().filter(is_key).for_each(|column| column.nullable = false);
        }
    }
    Ok(())
}

fn element(cursor: &mut Cursor, table: &mut TableDef, compares: &mut Vec<Comparison>) -> Read<()> {
    if cursor.eat(&["like"]) {
        cursor.qualified()?;
        while cursor.eat_one_of(&["including", "excluding"]) {
            cursor.label()?;
        }
        table.opaque = true;
    } else if is_constraint(cursor) {
        table.constraints.push(constraint(cursor, compares)?.0);
    } else if cursor.source.options.dialect == Dialect::Other && cursor.is_one_of(&["key", "index", "fulltext"]) {
        cursor.skip_while(|_, token| token.kind != Kind::Mark(b','));
    } else {
        let column = column(cursor, compares)?;
        table.columns.push(column);
    }
    Ok(())
}

/// Whether a table's constraint begins here: `exclude` may also be a column.
pub fn is_constraint(cursor: &Cursor) -> bool {
    let is_column = cursor.is(&["exclude"])
        && cursor.peek_at(1).is_some_and(|next| next.is_name() && !cursor.source.is_word(next, "using"));
    cursor.is_one_of(&CONSTRAINT_WORDS) && !is_column
}

/// A column's definition, in CREATE TABLE or behind `ADD COLUMN`.
pub fn column(cursor: &mut Cursor, compares: &mut Vec<Comparison>) -> Read<ColumnDef> {
    let is_other = cursor.source.options.dialect == Dialect::Other;
    let name = cursor.id()?;
    let written = column_type(cursor)?;
    let mut column = ColumnDef {
        comment: Comment::None,
        name,
        certain: !is_other || written.ty.built_in_name().is_some(),
        ty: written.ty,
        enumeration: None,
        nullable: !written.serial,
        default: if written.serial { Default::Some(None) } else { Default::None },
        constraints: Vec::new(),
        index: None,
    };
    while let Some(token) = cursor.peek().filter(|token| token.kind != Kind::Mark(b',')) {
        match column_constraint(cursor, &mut column, compares) {
            Ok(()) => {}
            Err(stop @ Stop::Unexpected(_)) if !is_other && !cursor.source.has_hole(std::slice::from_ref(token)) => {
                return Err(stop);
            }
            Err(_) => {
                column.certain = false;
                cursor.skip_while(|_, token| token.kind != Kind::Mark(b','));
                break;
            }
        }
    }
    Ok(column)
}

fn column_constraint(cursor: &mut Cursor, column: &mut ColumnDef, compares: &mut Vec<Comparison>) -> Read<()> {
    let name = if cursor.eat(&["constraint"]) { Some(cursor.id()?) } else { None };
    let add = |kind, columns| {
        column.constraints.push(Constraint { name, kind, columns, certainty: Certainty::Certain, origin: None });
    };
    let this = vec![column.name.clone()];
    if cursor.eat(&["not", "null"]) {
        column.nullable = false;
    } else if let Some(deferral) = attribute(cursor) {
        if let Some(constraint) = column.constraints.last_mut() {
            defer(constraint, deferral);
        }
    } else if cursor.eat(&["null"]) {
    } else if cursor.eat(&["default"]) {
        let text = cursor.expression(&COLUMN_WORDS)?;
        column.default = match default(cursor, text) {
            Default::None if column.default != Default::None => Default::Unknown,
            default => default,
        };
    } else if cursor.eat(&["unique"]) {
        index_parameters(cursor)?;
        add(ConstraintKind::Unique, this);
    } else if cursor.eat(&["primary", "key"]) {
        index_parameters(cursor)?;
        add(ConstraintKind::Primary, this);
        column.nullable = false;
    } else if cursor.eat(&["check"]) {
        let check = cursor.group()?;
        compares.extend(Query::read(cursor.source, check.tokens, Scope::default()).compares);
        cursor.eat(&["no", "inherit"]);
        add(ConstraintKind::Check, columns(cursor.source, check.tokens));
    } else if cursor.is(&["references"]) {
        let reference = reference(cursor)?;
        add(ConstraintKind::Foreign(reference), this);
    } else if cursor.eat(&["generated"]) {
        let by_default = cursor.eat(&["by", "default"]);
        if !by_default {
            cursor.expect(&["always"])?;
        }
        cursor.expect(&["as"])?;
        column.default = Default::Some(None);
        if !by_default && cursor.is_mark(b'(') {
            cursor.group()?;
            cursor.expect(&["stored"])?;
        } else {
            cursor.expect(&["identity"])?;
            column.nullable = false;
            if cursor.is_mark(b'(') {
                cursor.group()?;
            }
        }
    } else if cursor.eat(&["collate"]) {
        cursor.qualified()?;
    } else if cursor.eat(&["storage"]) || cursor.eat(&["compression"]) {
        cursor.label()?;
    } else {
        return cursor.unexpected();
    }
    Ok(())
}

/// What a default is: NULL is none.
fn default(cursor: &Cursor, expression: &[Token]) -> Default {
    if let [only] = expression
        && cursor.source.is_word(only, "null")
    {
        return Default::None;
    }
    let is_known = !cursor.source.has_hole(expression) && expression.iter().all(|token| token.kind != Kind::Param);
    Default::Some(is_known.then(|| cursor.source.span(expression).into()))
}

/// `[NOT] DEFERRABLE`, `INITIALLY …`.
fn attribute(cursor: &mut Cursor) -> Option<Deferral> {
    if cursor.eat(&["deferrable"]) {
        Some(Deferral::Possible)
    } else if cursor.eat(&["initially", "deferred"]) {
        Some(Deferral::Initially)
    } else if cursor.eat(&["not", "deferrable"]) || cursor.eat(&["initially", "immediate"]) {
        Some(Deferral::Never)
    } else {
        None
    }
}

/// What is said twice, in whatever order, is both: `INITIALLY DEFERRED DEFERRABLE`.
fn defer(constraint: &mut Constraint, deferral: Deferral) {
    if let ConstraintKind::Foreign(reference) = &mut constraint.kind
        && (deferral == Deferral::Initially || deferral == Deferral::Possible && reference.deferral == Deferral::Never)
    {
        reference.deferral = deferral;
    }
}

/// `NULLS NOT DISTINCT`, `INCLUDE (…)`, `WITH (…)`, `USING INDEX TABLESPACE …`.
fn index_parameters(cursor: &mut Cursor) -> Read<()> {
    loop {
        if cursor.eat(&["nulls", "distinct"]) || cursor.eat(&["nulls", "not", "distinct"]) {
        } else if cursor.eat(&["include"]) || cursor.eat(&["with"]) {
            cursor.group()?;
        } else if cursor.eat(&["using", "index", "tablespace"]) {
            cursor.label()?;
        } else {
            return Ok(());
        }
    }
}

fn reference(cursor: &mut Cursor) -> Read<Reference> {
    cursor.expect(&["references"])?;
    let table = cursor.qualified()?;
    let columns = if cursor.is_mark(b'(') { cursor.columns()? } else { Vec::new() };
    let mut res = Reference { table, columns, on_delete: None, on_update: None, deferral: Deferral::Never };
    loop {
        if cursor.eat(&["match"]) {
            cursor.label()?;
        } else if cursor.eat(&["on", "delete"]) {
            res.on_delete = referential_action(cursor)?;
        } else if cursor.eat(&["on", "update"]) {
            res.on_update = referential_action(cursor)?;
        } else {
            return Ok(res);
        }
    }
}

fn referential_action(cursor: &mut Cursor) -> Read<Option<Arc<str>>> {
    const ACTIONS: [(&[&str], Option<&str>); 5] = [
        (&["no", "action"], None),
        (&["restrict"], Some("RESTRICT")),
        (&["cascade"], Some("CASCADE")),
        (&["set", "null"], Some("SET NULL")),
        (&["set", "default"], Some("SET DEFAULT")),
    ];
    let Some((_, action)) = ACTIONS.iter().find(|(words, _)| cursor.eat(words)) else { return cursor.unexpected() };
    if action.is_some_and(|action| action.starts_with("SET")) && cursor.is_mark(b'(') {
        cursor.group()?;
    }
    Ok(action.map(Arc::from))
}

/// A table's constraint, and the index that it makes its own.
pub fn constraint(cursor: &mut Cursor, compares: &mut Vec<Comparison>) -> Read<(Constraint, Option<Arc<str>>)> {
    let mut name = if cursor.eat(&["constraint"]) { Some(cursor.id()?) } else { None };
    let mut index = None;
    let mut names = Vec::new();
    let kind = if cursor.eat(&["check"]) {
        let check = cursor.group()?;
        compares.extend(Query::read(cursor.source, check.tokens, Scope::default()).compares);
        names = columns(cursor.source, check.tokens);
        ConstraintKind::Check
    } else if cursor.is_one_of(&["unique", "primary"]) {
        let kind = if cursor.eat(&["unique"]) { ConstraintKind::Unique } else { ConstraintKind::Primary };
        if kind == ConstraintKind::Primary {
            cursor.expect(&["primary", "key"])?;
        }
        // MySQL's UNIQUE KEY name (a)
        if cursor.source.options.dialect == Dialect::Other && cursor.eat_one_of(&["key", "index"]) {
            name = cursor.id().ok().or(name);
        }
        if cursor.eat(&["using", "index"]) {
            index = Some(cursor.id()?);
            name = name.or(index.clone());
        } else {
            index_parameters(cursor)?;
            names = cursor.columns()?;
        }
        index_parameters(cursor)?;
        kind
    } else if cursor.eat(&["foreign"]) {
        cursor.expect(&["key"])?;
        names = cursor.columns()?;
        ConstraintKind::Foreign(reference(cursor)?)
    } else if cursor.eat(&["exclude"]) {
        if cursor.eat(&["using"]) {
            cursor.id()?;
        }
        names = cursor
            .in_group(|elements| elements.list(|element| element.expression(&[])))?
            .into_iter()
            .filter_map(|element| Some(cursor.source.name(element.first().filter(|token| token.is_name())?)))
            .collect();
        index_parameters(cursor)?;
        if cursor.eat(&["where"]) {
            cursor.group()?;
        }
        ConstraintKind::Exclude
    } else {
        return cursor.unexpected();
    };
    let mut res = Constraint { name, kind, columns: names, certainty: Certainty::Certain, origin: None };
    loop {
        if let Some(deferral) = attribute(cursor) {
            defer(&mut res, deferral);
        } else if !cursor.eat(&["not", "valid"]) && !cursor.eat(&["no", "inherit"]) {
            return Ok((res, index));
        }
    }
}
