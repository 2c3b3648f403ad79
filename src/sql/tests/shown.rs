//! Operations in one line each, for comparing.

use crate::schema::{
    Action, ColumnDef, Comment, Comparison, Constraint, ConstraintKind, Default, DefaultChange, Error, Guard, Inserted,
    Object, Scalar, Touches,
};
use crate::sql::Statement;

pub fn show(statement: &Statement) -> String {
    let guards: Vec<String> = statement.guards.iter().map(guard).collect();
    let action = action(&statement.action);
    if guards.is_empty() { action } else { format!("{action} IF {}", guards.join(" AND ")) }
}

fn guard(guard: &Guard) -> String {
    match guard {
        Guard::Exists { object: there, holds } => format!("{}{}", if *holds { "" } else { "no " }, object(there)),
        Guard::Unknown => "?".to_owned(),
    }
}

pub fn object(object: &Object) -> String {
    match object {
        Object::Table(name) => format!("table {name}"),
        Object::Column(table, name) => format!("column {table}.{name}"),
        Object::Constraint(table, name) => format!("constraint {table}.{name}"),
        Object::Index(name) => format!("index {name}"),
        Object::Type(name) => format!("type {name}"),
        Object::EnumValue(ty, value) => format!("value {ty}.{value}"),
        Object::Other(kind, name) => format!("{} {name}", format!("{kind:?}").to_lowercase()),
    }
}

fn flags(flags: &[(bool, &str)]) -> String {
    flags.iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| format!(" {flag}")).collect()
}

fn action(action: &Action) -> String {
    match action {
        Action::CreateTable(table) => {
            let columns = table.columns.iter().map(column);
            let parts: Vec<String> = columns.chain(table.constraints.iter().map(constraint)).collect();
            let flags =
                flags(&[(table.if_not_exists, "if-missing"), (table.opaque, "opaque"), (table.temporary, "temporary")]);
            format!("create table {} ({}){flags}", table.name, parts.join(", "))
        }
        Action::DropTable { name, if_exists, cascade } => {
            format!("drop table {name}{}", flags(&[(*if_exists, "if-exists"), (*cascade, "cascade")]))
        }
        Action::RenameTable { name, to, if_exists } => {
            format!("rename table {name} {to}{}", flags(&[(*if_exists, "if-exists")]))
        }
        Action::AddColumn { table, column: added, if_not_exists } => {
            format!("add {table}.{}{}", column(added), flags(&[(*if_not_exists, "if-missing")]))
        }
        Action::DropColumn { table, column, if_exists, cascade } => {
            format!("drop {table}.{column}{}", flags(&[(*if_exists, "if-exists"), (*cascade, "cascade")]))
        }
        Action::AlterColumn { table, column, retype, nullable, default, rename } => {
            let mut res = format!("alter {table}.{column}");
            if let Some(retype) = retype {
                res += &format!(" type {}{}", retype.ty, flags(&[(retype.using, "using")]));
            }
            res += nullable.map_or("", |nullable| if nullable { " null" } else { " not-null" });
            res += &match default {
                Some(DefaultChange::Drop) => " default-none".to_owned(),
                Some(DefaultChange::Set(value)) => format!(" default {}", scalar(value)),
                Some(DefaultChange::Unknown) => " default-unknown".to_owned(),
                None => String::new(),
            };
            res + &rename.as_ref().map_or(String::new(), |name| format!(" to {name}"))
        }
        Action::AddConstraint { table, constraint: added } => format!("constrain {table} {}", constraint(added)),
        Action::DropConstraint { table, name, if_exists, cascade } => {
            let name = name.as_deref().unwrap_or("?");
            format!("drop constraint {table}.{name}{}", flags(&[(*if_exists, "if-exists"), (*cascade, "cascade")]))
        }
        Action::RenameConstraint { table, name, to } => format!("rename constraint {table}.{name} {to}"),
        Action::CreateIndex { table, index } => {
            let columns: Vec<&str> = index.columns.iter().map(|column| column.as_deref().unwrap_or("()")).collect();
            let flags = flags(&[
                (index.unique, "unique"),
                (index.if_not_exists, "if-missing"),
                (index.concurrently, "concurrently"),
            ]);
            let name = index.name.as_deref().unwrap_or("-");
            format!("index {name} on {table} ({}){flags}{}", columns.join(", "), compares(&index.compares))
        }
        Action::DropIndex { name, table, if_exists, cascade, concurrently } => {
            let flags = flags(&[(*if_exists, "if-exists"), (*cascade, "cascade"), (*concurrently, "concurrently")]);
            format!("drop index {name}{}{flags}", table.as_ref().map_or(String::new(), |table| format!(" on {table}")))
        }
        Action::RenameIndex { name, to, if_exists } => {
            format!("rename index {name} {to}{}", flags(&[(*if_exists, "if-exists")]))
        }
        Action::CreateEnum { definition, .. } => format!(
            "enum {} ({})",
            definition.name,
            definition.values.as_ref().map_or("?".to_owned(), |values| values.join(", "))
        ),
        Action::DropType { name, if_exists, cascade } => {
            format!("drop type {name}{}", flags(&[(*if_exists, "if-exists"), (*cascade, "cascade")]))
        }
        Action::RenameType { name, to } => format!("rename type {name} {to}"),
        Action::AddEnumValue { ty, value, if_not_exists, before, after } => format!(
            "add value {ty}.{value}{}{}{}",
            flags(&[(*if_not_exists, "if-missing")]),
            before.as_ref().map_or(String::new(), |value| format!(" before {value}")),
            after.as_ref().map_or(String::new(), |value| format!(" after {value}"))
        ),
        Action::RenameEnumValue { ty, from, to } => format!("rename value {ty}.{from} {to}"),
        Action::CreateOther { kind, name, if_not_exists, or_replace } => {
            let flags = flags(&[(*if_not_exists, "if-missing"), (*or_replace, "or-replace")]);
            format!("create {} {name}{flags}", format!("{kind:?}").to_lowercase())
        }
        Action::DropOther { kind, name, if_exists, cascade } => {
            let flags = flags(&[(*if_exists, "if-exists"), (*cascade, "cascade")]);
            format!("drop {} {name}{flags}", format!("{kind:?}").to_lowercase())
        }
        Action::RenameOther { kind, name, to } => format!("rename {} {name} {to}", format!("{kind:?}").to_lowercase()),
        Action::Comment { table, column, comment } => {
            let column = column.as_ref().map(|column| format!(".{column}")).unwrap_or_default();
            let comment = match comment {
                Comment::None => "none".to_owned(),
                Comment::Text(text) => format!("'{text}'"),
                Comment::Unknown => "unknown".to_owned(),
            };
            format!("comment {table}{column} {comment}")
        }
        Action::SetSchema { object: moved, to } => {
            format!("move {} {}", object(moved), to.as_deref().unwrap_or("public"))
        }
        Action::Insert { table, columns, rows, compares: compared, .. } => {
            let columns = columns.as_ref().map_or(String::new(), |columns| format!(" ({})", columns.join(", ")));
            let rows = match rows {
                Inserted::Values(rows) => {
                    let row = |row: &Vec<Scalar>| row.iter().map(scalar).collect::<Vec<_>>().join(", ");
                    rows.iter().map(row).collect::<Vec<_>>().join("; ")
                }
                Inserted::AllOf(_) | Inserted::Query => "query".to_owned(),
                Inserted::Defaults => "defaults".to_owned(),
            };
            format!("insert {table}{columns}: {rows}{}", compares(compared))
        }
        Action::Update { table, assignments, compares: compared } => {
            let assignments: Vec<String> =
                assignments.iter().map(|(name, value)| format!("{name}={}", scalar(value))).collect();
            format!("update {table} {}{}", assignments.join(", "), compares(compared))
        }
        Action::Delete { table, compares: compared } => format!("delete {table}{}", compares(compared)),
        Action::Select { tables, compares: compared } => {
            let tables: Vec<String> = tables.iter().map(ToString::to_string).collect();
            format!("select {}{}", tables.join(", "), compares(compared))
        }
        Action::Refused(Error::Invalid { message, sqlstate, reason }) => format!("{sqlstate} {reason:?} {message}"),
        Action::Refused(Error::UnboundParameter { name }) => format!("unbound {name}"),
        Action::Unknown { touches: Touches::Anything, .. } => "unknown anything".to_owned(),
        Action::Unknown { touches: Touches::Objects(objects), .. } => {
            format!("unknown [{}]", objects.iter().map(object).collect::<Vec<_>>().join(", "))
        }
        other => format!("{other:?}").to_lowercase(),
    }
}

fn column(column: &ColumnDef) -> String {
    let default = match &column.default {
        Default::None => String::new(),
        Default::Some(Some(text)) => format!(" default {text}"),
        Default::Some(None) => " default ?".to_owned(),
        Default::Unknown => " default-unknown".to_owned(),
    };
    let constraints: String = column.constraints.iter().map(|added| format!(" {}", constraint(added))).collect();
    let nullable = if column.nullable { "" } else { " not null" };
    let certain = if column.certain { "" } else { "?" };
    format!("{} {}{nullable}{default}{certain}{constraints}", column.name, column.ty)
}

fn constraint(constraint: &Constraint) -> String {
    let kind = match &constraint.kind {
        ConstraintKind::Primary => "primary".to_owned(),
        ConstraintKind::Unique => "unique".to_owned(),
        ConstraintKind::Check => "check".to_owned(),
        ConstraintKind::Exclude => "exclude".to_owned(),
        ConstraintKind::Foreign(reference) => {
            format!("-> {} ({})", reference.table, reference.columns.join(", "))
                + &reference.on_delete.as_ref().map_or(String::new(), |action| format!(" delete {action}"))
                + &reference.on_update.as_ref().map_or(String::new(), |action| format!(" update {action}"))
        }
    };
    let name = constraint.name.as_ref().map_or(String::new(), |name| format!(" {name}"));
    format!("[{kind}{name} {}]", constraint.columns.join(", "))
}

fn scalar(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Null => "null".to_owned(),
        Scalar::Default => "default".to_owned(),
        Scalar::Text(text) => format!("'{text}'"),
        Scalar::Other => "?".to_owned(),
    }
}

fn compares(compares: &[Comparison]) -> String {
    let one = |compared: &Comparison| {
        let table = compared.table.as_ref().map_or(String::new(), |table| format!("{table}."));
        format!(" {table}{}='{}'", compared.column, compared.literal)
    };
    if compares.is_empty() { String::new() } else { format!(" WHERE{}", compares.iter().map(one).collect::<String>()) }
}
