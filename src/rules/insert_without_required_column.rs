use super::replay::{At, refused};
use super::{Check, Reporter, declare_rule, list};
use crate::schema::Error;

declare_rule! {
    /// An INSERT leaves out columns that are NOT NULL and have no default.
    ///
    /// ## Why is this bad?
    /// `null value in column "email" of relation "users" violates not-null constraint` (SQLSTATE 23502). A `default=` in the model does
    /// not help: SQLAlchemy applies it to inserts through the model's own table, never to SQL text, nor to `sa.table(…)` in a migration;
    /// only a `server_default` is the database's.
    ///
    /// ## Example
    /// ```python
    /// op.execute("INSERT INTO roles (name) VALUES ('admin')")  # roles.created_at is NOT NULL
    /// ```
    ///
    /// ## Fix
    /// Name the column and give it a value, or give it a `server_default` before.
    "insert-without-required-column", Error, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    for (fault, part) in at.faults() {
        let Error::MissingValues { table, columns } = &fault.error else { continue };
        let (are, have) = if columns.len() == 1 { ("is", "has") } else { ("are", "have") };
        let message = format!(
            "this INSERT gives {} of `{table}` no value: {} NOT NULL and {have} no default",
            list(columns),
            if columns.len() == 1 { format!("it {are}") } else { format!("they {are}") },
        );
        let mut finding = refused(at, fault, part, message, "");
        finding.labels.extend(at.origins(&fault.related, "NOT NULL, without a default"));
        finding
            .notes
            .push("a `default=` of SQLAlchemy's does not apply here; only a `server_default` is the database's".into());
        finding.help = vec!["give a value for each, or a `server_default` before this".into()];
        reporter.report(finding);
    }
}
