use super::drift::labels;
use super::{Check, Finding, Reporter, View, declare_rule};
use crate::project::{Cause, Drift};
use crate::schema::{Change, What};

declare_rule! {
    /// A migration changes what the models do not.
    ///
    /// ## Why is this bad?
    /// The models still declare the table as it was. The next `alembic revision --autogenerate` takes the migration back: it drops the
    /// column that was added, or adds again the one that was dropped. It is right on purpose where a change is spread over several
    /// deployments, and hence only a warning.
    ///
    /// ## Example
    /// ```python
    /// def upgrade():
    ///     op.add_column("users", sa.Column("nickname", sa.String(50)))  # and no model has it
    /// ```
    ///
    /// ## Fix
    /// Change the model in the same commit.
    "migration-without-model-change", Warning, Check::Drift(check)
}

fn check(_: &View, drift: &Drift, reporter: &mut Reporter) {
    for item in drift.new.iter().filter(|item| item.cause == Cause::Migrations) {
        reporter.report(Finding {
            message: done(&item.change),
            labels: labels(drift, &item.change),
            help: vec!["change the model in the same commit".into()],
            ..Finding::default()
        });
    }
}

/// What the migrations do, and the models do not ask for: the other way round from what would have to be done.
fn done(change: &Change) -> String {
    let table = &change.table;
    match &change.what {
        What::AddTable(_) => format!("the migrations drop the table `{table}`, and the model still declares it"),
        What::RemoveTable => format!("the migrations create the table `{table}`, and no model declares it"),
        What::AddColumn(column) => {
            format!("the migrations drop `{table}.{}`, and the model still declares it", column.name)
        }
        What::RemoveColumn(column) => {
            format!("the migrations add `{table}.{column}`, and the model does not declare it")
        }
        What::ModifyType { column, from, to } => {
            format!("the migrations make `{table}.{column}` `{from}`, and the model declares it as `{to}`")
        }
        What::ModifyNullable { column, nullable } => {
            let (does, wants) =
                if *nullable { ("NOT NULL", "lets it be null") } else { ("nullable", "wants it NOT NULL") };
            format!("the migrations make `{table}.{column}` {does}, and the model {wants}")
        }
        What::ModifyDefault { column, .. } => {
            format!("the migrations give `{table}.{column}` another server default than the model")
        }
        What::ModifyComment { column, .. } => {
            let of = column.as_ref().map_or(format!("`{table}`"), |column| format!("`{table}.{column}`"));
            format!("the migrations give {of} another comment than the model")
        }
        What::AddIndex(index) => {
            format!("the migrations drop the index `{}` on `{table}`, and the model still declares it", index.name)
        }
        What::RemoveIndex(index) => {
            format!("the migrations create the index `{}` on `{table}`, and the model does not declare it", index.name)
        }
        What::AddConstraint(constraint) | What::RemoveConstraint(constraint) => {
            let columns = super::list(&constraint.columns);
            match &change.what {
                What::AddConstraint(_) => {
                    format!("the migrations drop a constraint on {columns} of `{table}` that the model still declares")
                }
                _ => format!(
                    "the migrations create a constraint on {columns} of `{table}` that the model does not declare"
                ),
            }
        }
        What::AddEnumValue { ty, value } => {
            format!("the migrations remove `{value}` from the enum type `{ty}`, and the model still has it")
        }
        What::RemoveEnumValue { ty, value } => {
            format!("the migrations add `{value}` to the enum type `{ty}`, and the model does not have it")
        }
    }
}
