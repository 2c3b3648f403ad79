//! What the rules about drift share: a change in words, and where it is shown.

use super::list;
use crate::diagnostic::Label;
use crate::project::Drift;
use crate::schema::{Change, Comment, Constraint, ConstraintKind, Index, Origin, What};
use crate::source::RepoPath;

/// What the models ask for, and the migrations do not give: a sentence.
pub fn asks(change: &Change, declared_in: Option<&RepoPath>) -> String {
    let table = &change.table;
    match &change.what {
        What::AddTable(_) => format!("no migration creates the table `{table}` that the model declares"),
        What::RemoveTable => {
            let place = declared_in.map(|path| format!(" in {path}")).unwrap_or_default();
            format!("the table `{table}` is no longer declared{place}, and no migration drops it")
        }
        What::AddColumn(column) => format!("no migration adds `{table}.{}`, which the model declares", column.name),
        What::RemoveColumn(column) => {
            format!("the model no longer declares `{table}.{column}`, and no migration drops it")
        }
        What::ModifyType { column, from, to } => {
            format!("the model declares `{table}.{column}` as `{to}`, and the migrations leave it `{from}`")
        }
        What::ModifyNullable { column, nullable: true } => {
            format!("the model lets `{table}.{column}` be null, and the migrations leave it NOT NULL")
        }
        What::ModifyNullable { column, nullable: false } => {
            format!("the model wants `{table}.{column}` NOT NULL, and the migrations leave it nullable")
        }
        What::ModifyDefault { column, .. } => {
            format!("the model and the migrations give `{table}.{column}` different server defaults")
        }
        What::ModifyComment { column, to } => {
            let of = column.as_ref().map_or(format!("`{table}`"), |column| format!("`{table}.{column}`"));
            match to {
                Comment::None => format!("the model no longer comments {of}, and the migrations leave the comment"),
                _ => format!("no migration gives {of} the comment that the model does"),
            }
        }
        What::AddIndex(index) => format!("no migration creates {} that the model declares", named_index(index, change)),
        What::RemoveIndex(index) => {
            format!("the model no longer declares {}, and no migration drops it", named_index(index, change))
        }
        What::AddConstraint(constraint) => {
            format!("no migration creates {} that the model declares", named_constraint(constraint, change))
        }
        What::RemoveConstraint(constraint) => {
            format!("the model no longer declares {}, and no migration drops it", named_constraint(constraint, change))
        }
        What::AddEnumValue { ty, value } => {
            format!("no migration adds `{value}` to the enum type `{ty}`, which the model has")
        }
        What::RemoveEnumValue { ty, value } => {
            format!("the model no longer has `{value}` of the enum type `{ty}`, and no migration removes it")
        }
    }
}

fn named_index(index: &Index, change: &Change) -> String {
    let unique = if index.unique { "unique " } else { "" };
    format!("the {unique}index `{}` on `{}`", index.name, change.table)
}

fn named_constraint(constraint: &Constraint, change: &Change) -> String {
    let name = constraint.name.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default();
    let columns = list(&constraint.columns);
    match &constraint.kind {
        ConstraintKind::Foreign(reference) => {
            let actions = [("ON DELETE", &reference.on_delete), ("ON UPDATE", &reference.on_update)];
            let actions: String = actions
                .into_iter()
                .filter_map(|(what, action)| Some(format!(" {what} {}", action.as_ref()?)))
                .collect();
            format!("the foreign key{name} from {columns} of `{}` to `{}`{actions}", change.table, reference.table)
        }
        _ => format!("the unique constraint{name} on {columns} of `{}`", change.table),
    }
}

/// Where a change is shown: where the models ask for it, else at the table that lacks it.
pub fn labels(drift: &Drift, change: &Change) -> Vec<Label> {
    let table = || drift.table(&change.table)?.origin;
    let place = |origin: Origin| {
        let source = drift.source(origin.file)?.clone();
        Some(Label { source, span: origin.span, text: String::new() })
    };
    change.origin.or_else(table).and_then(place).into_iter().collect()
}
